"""Runs the reading of a file one step ahead of the work on what was read, in a thread of its own."""

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
LOOK = 0.05


@dataclass(frozen=True)
class _Step(Generic[Item]):
    """What the reading thread hands over: items, and at the end none, or the fault that ended it."""

    items: tuple[Item, ...] = ()
    fault: BaseException | None = None


def ahead(items: Iterable[Item], depth: int = 1) -> Iterator[Item]:
    """Yield the items, made in another thread at most `depth` before they are asked for; its faults are raised here."""
    waiting: queue.Queue[_Step[Item]] = queue.Queue(maxsize=depth)
    stopped = threading.Event()
    thread = threading.Thread(target=_work, args=(items, waiting, stopped), name="reading ahead", daemon=True)
    thread.start()
    try:
        while (step := waiting.get()).items:
            yield from step.items
        if step.fault is not None:
            raise step.fault
    finally:
        stopped.set()
        thread.join()


def _work(items: Iterable[Item], waiting: "queue.Queue[_Step[Item]]", stopped: threading.Event) -> None:
    end: _Step[Item] = _Step()
    try:
        for item in items:
            if not _put(waiting, _Step((item,)), stopped):
                return
    except BaseException as fault:  # noqa: BLE001 - whatever it is, it is raised where the items are used
        end = _Step(fault=fault)
    _put(waiting, end, stopped)


def _put(waiting: "queue.Queue[_Step[Item]]", step: _Step[Item], stopped: threading.Event) -> bool:
    """Hand a step over unless nobody wants it any more."""
    while not stopped.is_set():
        try:
            waiting.put(step, timeout=LOOK)
        except queue.Full:
            continue
        return True
    return False
