"""The pool, with real processes that hang, die, eat memory and raise."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalbatch.pool.local import Lost, Pool, memory_is_limited


def double(number: int) -> int:
    return number * 2


def act(what: str) -> str:
    if what == "hang":
        time.sleep(60)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "raise":
        raise ValueError("no such thing")
    if what == "panic":
        raise BaseException("a Rust panic looks like this")
    if what == "eat":
        return str(len(bytearray(4 << 30)))
    return what


def run(pool: Pool, words: list[str]) -> list[object]:
    results: list[object] = [None] * len(words)
    for position, result in pool.run(act, [(word,) for word in words]):
        results[position] = result
    return results


@pytest.mark.parametrize("workers", [1, 3])
def test_pool__many_tasks__every_result_at_its_position(workers: int) -> None:
    """Results come back in any order, each with its task's position."""
    with Pool(workers, seconds=30, memory_bytes=1 << 30) as pool:
        assert sorted(pool.run(double, [(n,) for n in range(50)])) == [(n, n * 2) for n in range(50)]


def test_pool__one_task_hangs_one_dies_one_raises__each_costs_itself_only() -> None:
    """What goes wrong in one task comes back as a value, and the others are done as if nothing had been."""
    with Pool(2, seconds=1, memory_bytes=1 << 30) as pool:
        results = run(pool, ["good 1", "die", "good 2", "hang", "raise", "panic", "good 3"])
    causes = [result.cause if isinstance(result, Lost) else result for result in results]
    assert causes == ["good 1", "died", "good 2", "time", "error", "error", "good 3"]


@pytest.mark.skipif(not memory_is_limited(), reason="this system can't limit a worker's memory")
def test_pool__a_task_wants_too_much_memory__it_alone_is_lost() -> None:
    """The memory limit ends the task that passes it, not the machine."""
    with Pool(1, seconds=20, memory_bytes=1 << 30) as pool:
        results = run(pool, ["eat", "good"])
    assert isinstance(results[0], Lost)
    assert results[0].cause in ("memory", "died")
    assert results[1] == "good"


def own_number(_: int) -> int:
    return os.getpid()


def test_pool__started_by_a_large_process__keeps_its_worker() -> None:
    """What the parent holds when it starts a worker is not the worker's: it serves on."""
    held = bytearray(b"x") * (400 << 20)
    with Pool(1, 20, 640 << 20) as pool:
        served = {result for _, result in pool.run(own_number, [(number,) for number in range(5)])}
    assert (len(served), len(held)) == (1, 400 << 20)


def test_pool__closed_while_a_task_hangs__no_process_is_left() -> None:
    """Leaving the pool ends every worker at once."""
    with Pool(2, seconds=60, memory_bytes=1 << 30) as pool:
        next(iter(pool.run(act, [("good",), ("hang",)])))
        processes = [worker.process for worker in pool._members]
    assert all(not process.is_alive() for process in processes)


def test_pool__endless_tasks__drawn_only_as_workers_are_free() -> None:
    """A long queue is never held in memory: tasks are drawn one by one."""
    drawn = []

    def tasks():
        for number in range(1000):
            drawn.append(number)
            yield (number,)

    with Pool(2, seconds=30, memory_bytes=1 << 30) as pool:
        results = pool.run(double, tasks())
        for _ in range(10):
            next(results)
        assert len(drawn) < 20


OWNER = """
import sys, time
from evalbatch.pool.local import Pool
from test_pool import spin
if __name__ == "__main__":
    with Pool(2, seconds=60, memory_bytes=1 << 30) as pool:
        print("ready", flush=True)
        for _ in pool.run(spin, [(sys.argv[1],), (sys.argv[1],)]):
            pass
"""


def spin(notes: str) -> None:
    """Write down who works, then be busy without end."""
    (Path(notes) / str(os.getpid())).touch()
    while True:
        pass


def alive(pid: int) -> bool:
    """Whether a process runs; a dead one that nobody has waited for does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc for processes")
def test_pool__its_owner_is_killed__busy_workers_end_by_themselves(tmp_path: Path) -> None:
    """No worker outlives the process that started it, not even one in the middle of a task."""
    script, notes = tmp_path / "owner.py", tmp_path / "notes"
    script.write_text(OWNER)
    notes.mkdir()
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    owner = subprocess.Popen([sys.executable, str(script), str(notes)], env=os.environ | {"PYTHONPATH": paths})
    until = time.monotonic() + 30
    while len(list(notes.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    workers = [int(note.name) for note in notes.iterdir()]
    owner.kill()
    owner.wait()
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(workers) == 2
    assert not any(map(alive, workers))


WARM = """
import sys
from evalbatch.pool.local import Pool, get_ready
from test_pool import has_imported
if __name__ == "__main__":
    get_ready("colorsys")
    with Pool(2, seconds=60, memory_bytes=1 << 30) as pool:
        print(sorted(result for _, result in pool.run(has_imported, [("colorsys",), ("colorsys",)])))
"""


def has_imported(module: str) -> bool:
    return module in sys.modules


@pytest.mark.skipif(sys.platform == "win32", reason="workers are spawned there")
def test_get_ready__before_workers_start__they_have_the_module(tmp_path: Path) -> None:
    """What workers need is imported once for all of them."""
    script = tmp_path / "warm.py"
    script.write_text(WARM)
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert done.stdout == "[True, True]\n", done.stderr
