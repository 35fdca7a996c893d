"""Which sources a question may be answered from."""

from dataclasses import dataclass

from ingest.document import Source

# Forms of MS whose evidence also concerns a form: a trial in progressive MS concerns people with PPMS.
WIDER = {
    "PPMS": {"progressive MS"},
    "SPMS": {"progressive MS", "active SPMS", "non-relapsing SPMS"},
    "active SPMS": {"SPMS", "progressive MS"},
    "non-relapsing SPMS": {"SPMS", "progressive MS"},
    "progressive MS": {"PPMS", "SPMS", "active SPMS", "non-relapsing SPMS"},
    "RRMS": {"relapsing MS"},
    "relapsing MS": {"RRMS"},
}


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """What a source must be; an empty field admits all. False when nothing is asked for."""

    phenotypes: tuple[str, ...] = ()
    """Forms of MS; a source fits when it concerns one of them, a form that holds it, or MS as such."""
    kinds: tuple[str, ...] = ()
    since: int | None = None
    """The earliest year of publication."""
    regions: tuple[str, ...] = ()
    """Where a decision must hold (US, EU, UK ...); sources that report no decision stay."""

    def __bool__(self) -> bool:
        return bool(self.phenotypes or self.kinds or self.since or self.regions)

    def admits(self, source: Source) -> bool:
        """Whether answers may quote the source."""
        forms = {"MS", *self.phenotypes}.union(*(WIDER.get(form, set()) for form in self.phenotypes))
        regions = {str(status["region"]) for status in source.status}
        return (
            (not self.phenotypes or bool(forms & set(source.phenotypes)))
            and (not self.kinds or source.kind in self.kinds)
            and (self.since is None or source.year >= self.since)
            and (not self.regions or not regions or bool(regions & set(self.regions)))
        )


ALL_SOURCES = SourceFilter()
