"""What is found for a question, read by itself and, where it may be a follow-up, as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.abstain import Calibration
from qa.answer import Turn
from qa.events import Stopwatch
from qa.evidence import Evidence, rank_sentences
from qa.generation import Opened
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

    def find(self, question: str, turns: Sequence[Turn], whole: str = "") -> Evidence:
        """The evidence for a question; the vector of `whole`, the query of a longer message, is made as well.

        Of two readings the one counts that is likelier to be answered.
        """
        with self.watch.stage("understand"):
            readings = self.opened.readings(question, turns)
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
