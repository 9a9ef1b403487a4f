"""kill −9 at seeded moments of a check, an import, an undo and a rebuild: the old state or the new one, and the next try mends."""

import shutil
import signal
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from app.accounts.schemas import COMMAND_LINE
from app.core.database import make_engine, read_session, write_session
from app.core.settings import Settings
from app.main import JOBS
from app.purchases import operations, queries, tasks
from app.purchases.models import ImportState
from tests.prove.killed_work import work
from tests.purchases import overlaps, store_state
from tests.purchases.build import NOW, Shop, make_shop
from tests.purchases.store_state import State

JOB_OF = {
    "check": "purchases.check", "import": "purchases.import", "undo": "purchases.undo", "rebuild": "purchases.rebuild",
}  # fmt: skip
PHASES = tuple(JOB_OF)
ENDS = {"check": ImportState.CHECKED, "import": ImportState.DONE, "undo": ImportState.UNDONE}


@dataclass
class Outcome:
    """How many kills left the old state, the new one, or had come too late; and what was wrong."""

    kills: int = 0
    old: int = 0
    new: int = 0
    moments: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def opened(home: Path) -> Shop:
    settings = Settings(home=home)
    return make_shop(settings, make_engine(settings))


def prepare(home: Path, phase: str) -> str:
    """Bring a home to where the work of this phase begins; return the import it is about."""
    shop = opened(home)
    first, second, *_ = overlaps.files_of(3)
    shop.take(first.data, source="店")
    if phase == "undo":
        public_id = shop.take(second.data, source="店")
    elif phase == "import":
        public_id, _ = shop.check(second.data, source="店")
    else:
        public_id = shop.upload(second.data, source="店")
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        if phase == "check":
            operations.request_check(session, run=run)
        elif phase == "import":
            operations.confirm(session, run=run)
        elif phase == "undo":
            operations.request_undo(session, run=run, actor=COMMAND_LINE, now=NOW)
        else:
            operations.set_as_of(session, day=date(2026, 3, 1), actor=COMMAND_LINE, now=NOW)
    shop.parts.engine.dispose()
    return public_id


def kill_phases(folder: Path, empty: Path, *, kills: int, seed: int) -> Outcome:
    """Kill each phase in turn at moments of the seed, in a fresh copy of its home each time."""
    rng, found = Random(seed), Outcome()
    stages = {phase: _Stage.made(folder / phase, empty, phase) for phase in PHASES[: kills or None]}
    found.moments = {phase: stage.moments for phase, stage in stages.items()}
    for number in range(kills):
        phase = PHASES[number % len(PHASES)]
        stage = stages[phase]
        last, pause = rng.randint(1, stage.moments), rng.choice((0, rng.uniform(0, 60)))
        home = folder / f"kill-{number}"
        shutil.copytree(stage.before, home)
        code, _ = work(home, JOB_OF[phase], stage.public_id, last=last, milliseconds=pause)
        found.kills += code == -signal.SIGKILL
        told = f"{phase}, moment {last} of {stage.moments} + {pause:.0f} ms"
        found.wrong += [f"{told}: {one}" for one in stage.look(home, found)]
        shutil.rmtree(home)
    return found


@dataclass
class _Stage:
    """One phase: the home before it, and what the store says before and after."""

    phase: str
    before: Path
    public_id: str
    old: State
    new: State
    moments: int
    files: int

    @classmethod
    def made(cls, folder: Path, empty: Path, phase: str) -> "_Stage":
        before, after = folder / "before", folder / "after"
        folder.mkdir(parents=True)
        shutil.copytree(empty, before)
        public_id = prepare(before, phase)
        shutil.copytree(before, after)
        code, moments = work(after, JOB_OF[phase], public_id)
        if code:
            raise RuntimeError(f"{phase} in peace ended with {code}")
        shop, done = opened(before), opened(after)
        stage = cls(
            phase=phase, before=before, public_id=public_id, old=store_state.said(shop), new=store_state.said(done),
            moments=moments, files=len(list(store_state.files_of(done))),
        )  # fmt: skip
        for one in (shop, done):
            one.parts.engine.dispose()
        return stage

    def look(self, home: Path, found: Outcome) -> list[str]:
        """Return what is wrong after the kill, and after the work was done again as a worker that starts does it."""
        shop = opened(home)
        said = store_state.said(shop)
        wrong = []
        if not store_state.differences(said, self.new) and self.new != self.old:
            found.new += 1
        elif not store_state.differences(said, self.old):
            found.old += 1
        else:
            wrong.append(f"neither old nor new: {store_state.differences(said, self.old)[:2]}")
        self._again(shop)
        wrong += [f"not mended: {one}" for one in store_state.differences(store_state.said(shop), self.new)]
        wrong += [f"stray file {one}" for one in store_state.strays(shop)]
        state = shop.run(self.public_id).state
        if self.phase in ENDS and state is not ENDS[self.phase]:
            wrong.append(f"the import is {state}")
        shop.parts.engine.dispose()
        return wrong

    def _again(self, shop: Shop) -> None:
        outdated = tasks.tidy(shop.parts)
        with read_session(shop.parts.engine) as session:
            jobs = queries.unfinished_jobs(session)
        for name, public_id in [*jobs, *([("purchases.rebuild", "")] if outdated else [])]:
            JOBS[name](shop.parts, public_id)
