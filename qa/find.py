"""What is found for a question, read by itself and, where it may be a follow-up, as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from qa.abstain import Calibration
from qa.answer import Turn
from qa.events import Stopwatch
from qa.evidence import Evidence, rank_sentences
from qa.follow_up import SUBJECTS, last_asked_for_medicine, medicines_in
from qa.generation import Opened
from qa.glossary import packaged_glossary
from qa.retrieve import Retrieved
from qa.settings import AskSettings
from qa.signals import signals
from qa.threads import single_threaded
from qa.trials import main_trials
from qa.understand import Understanding


@dataclass(frozen=True, slots=True)
class Finder:
    """The stages from a question to ranked sentences; `fitted` gives the calibration for what the search could use."""

    opened: Opened
    fitted: Callable[[Retrieved], Calibration]
    settings: AskSettings
    watch: Stopwatch
    parts: dict[str, Evidence] = field(default_factory=dict)
    """What was found for the questions of the same message so far."""

    def find(self, question: str, turns: Sequence[Turn], whole: str = "") -> Evidence:
        """The evidence for a question; the vector of `whole`, the query of a longer message, is made as well.

        Of two readings the one counts that is likelier to be answered.
        """
        readings = self._read(question, turns)
        if (named := self._with_medicine(readings[0], turns)) is not None:
            readings = self._read(question, named)
        found = self.parts[question] = self._likelier(readings, whole)
        return found

    def _read(self, question: str, turns: Sequence[Turn]) -> list[Understanding]:
        with self.watch.stage("understand"):
            return self.opened.readings(question, turns)

    def _with_medicine(self, asked: Understanding, turns: Sequence[Turn]) -> Sequence[Turn] | None:
        """The turns with the medicine that the last one asked for and a follow-up leans on; None where there is none.

        "Which drug is approved for PPMS?", "And its side effects?" asks of what the first answer names.
        """
        glossary = packaged_glossary()
        if not asked.before or any(asked.named(kind) for kind in SUBJECTS):
            return None
        place = last_asked_for_medicine(turns, glossary)
        if place is None:
            return None
        earlier = turns[place]
        known = self.parts.get(earlier.question) if earlier.same_message else None
        found = known or self._likelier(self._read(earlier.question, turns[:place]))
        if not found.ranked or self._probability(found) < self.fitted(found.retrieved).threshold:
            return None
        medicines = medicines_in(found.ranked[0].text, glossary)
        told = replace(earlier, question=" ".join([earlier.question, " and ".join(medicines)]))
        return [*turns[:place], told, *turns[place + 1 :]] if medicines else None

    def _likelier(self, readings: Sequence[Understanding], whole: str = "") -> Evidence:
        with single_threaded(), self.watch.stage("retrieve"):
            self.opened.retriever.encode(readings, *filter(None, [whole]))
        found = [self._evidence(asked) for asked in readings]
        return max(found, key=self._probability) if len(found) > 1 else found[0]

    def _evidence(self, asked: Understanding) -> Evidence:
        with single_threaded(), self.watch.stage("retrieve"):
            tested = main_trials(asked, self.opened.trials)
            retrieved = self.opened.retriever.retrieve_for_answer(asked, self.settings, tested)
        with single_threaded(), self.watch.stage("rank"):
            ranking = self.fitted(retrieved).ranking
            ranked = rank_sentences(asked, retrieved, self.opened.lexicon.rarity, ranking)
        return Evidence(asked, retrieved, ranked)

    def _probability(self, found: Evidence) -> float:
        with self.watch.stage("abstain"):
            return self.fitted(found.retrieved).probability(signals(found, self.opened.lexicon).by_name())
