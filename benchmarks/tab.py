"""One tab with a chat, ours or the peer's, and the probe in it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playwright.sync_api import Page

# Milliseconds. A person does not click at once after typing; here it lets what typing has started come to its end.
PAUSE_MS = 300
# A page has come to rest when it was on a core for less than this share of this time.
QUIET_MS, QUIET_SHARE = 1_000, 0.05
_CALIBRATION_ROUNDS = 50


class Tab:
    """A chat in a tab.

    Args:
        page: The page, where the dashboard is loaded.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._input = page.locator('textarea[id$="-chat-input"]')
        self._button = page.locator('[id$="-send-button"]')
        self._input.wait_for()
        # Both apps still ask their server for things when the field is there.
        page.wait_for_load_state("networkidle")
        self._offset, self.clock_error_ms = self._calibrate()
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable", {"timeDomain": "timeTicks"})

    def type(self, text: str) -> None:
        """Focus the field and fill it, as a user does some time before sending."""
        self.fill(text)
        self._page.wait_for_timeout(PAUSE_MS)

    def fill(self, text: str) -> None:
        """Fill the field, with no time to spare."""
        self._input.fill(text)

    def wait_connected(self) -> None:
        """Wait until our chat's socket is open."""
        self._page.locator('[data-chat-connection="open"]').wait_for(state="attached")

    def click_button(self) -> None:
        """Press and release the mouse at the button's place."""
        x, y = self._button_centre
        self._page.mouse.click(x, y)

    def ask(self, expression: str, argument: object = None) -> Any:
        """Evaluate an expression on the probe, named `probe`; a promise is awaited."""
        return self._page.evaluate(f"argument => {{ const probe = benchmarkProbe; return {expression}; }}", argument)

    def arm(self, expression: str) -> None:
        """Evaluate an expression on the probe and await nothing."""
        self._page.evaluate(f"() => {{ const probe = benchmarkProbe; {expression}; }}")

    def to_monotonic(self, page_ms: float) -> float:
        """Convert the page's `performance.now()` to this process's `time.monotonic()`."""
        return self._offset + page_ms / 1000

    def last_answer(self) -> str:
        """Return the text of the last answer."""
        return self._page.locator(".chat-assistant-message").last.inner_text()

    def main_thread(self) -> MainThread:
        """Read how long the main thread has been busy so far."""
        metrics = {m["name"]: m["value"] for m in self._devtools.send("Performance.getMetrics")["metrics"]}
        return MainThread(tasks=metrics["TaskDuration"], cpu=metrics["ThreadTime"], at=metrics["Timestamp"])

    def slow_down(self, factor: int) -> None:
        """Give the page's processor `1 / factor` of its speed."""
        self._devtools.send("Emulation.setCPUThrottlingRate", {"rate": factor})

    def memory(self) -> Memory:
        """Collect the page's garbage and read what it holds."""
        self._devtools.send("HeapProfiler.collectGarbage")
        usage = self._devtools.send("Runtime.getHeapUsage")
        nodes = self._devtools.send("Memory.getDOMCounters")["nodes"]
        return Memory(usage["usedSize"] + usage["embedderHeapUsedSize"], nodes)

    def watch_loads(self) -> None:
        """Let the sampler run from the first moment of each later loading on."""
        self._page.add_init_script("benchmarkProbe.startSampling()")

    def reload(self) -> None:
        """Load the page again."""
        self._page.reload()
        self._input.wait_for()

    def seed_storage(self, key: str, value: str) -> None:
        """Put something into the tab's session storage."""
        self._page.evaluate("([key, value]) => sessionStorage.setItem(key, value)", [key, value])

    def wait_quiet(self) -> None:
        """Wait until the page has had no work for a while."""
        self._page.wait_for_load_state("networkidle")
        while True:
            before = self.main_thread()
            self._page.wait_for_timeout(QUIET_MS)
            if (self.main_thread() - before).on_core < QUIET_SHARE:
                return

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self._page.wait_for_timeout(seconds * 1000)

    @cached_property
    def _button_centre(self) -> tuple[float, float]:
        box = self._button.bounding_box()
        if box is None:
            raise RuntimeError("The chat has no visible button")
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def _calibrate(self) -> tuple[float, float]:
        """Seconds from the page's clock to ours, and the largest error in ms, from the fastest of some round trips.

        Both clocks are the system's monotonic clock with another zero, so that the offset is constant.
        """
        best = float("inf"), 0.0
        for _ in range(_CALIBRATION_ROUNDS):
            before = time.monotonic()
            page_ms = self._page.evaluate("performance.now()")
            after = time.monotonic()
            best = min(best, (after - before, (before + after) / 2 - page_ms / 1000))
        round_trip, offset = best
        return offset, round_trip / 2 * 1000


@dataclass(frozen=True)
class MainThread:
    """A reading of DevTools' counters for the page's main thread, or the difference of two; all in seconds.

    Attributes:
        tasks: `TaskDuration`: time in tasks, by the wall clock; it grows too while other processes have the core.
        cpu: `ThreadTime`: time on a core.
        at: When, or for how long.
    """

    tasks: float
    cpu: float
    at: float

    def __sub__(self, earlier: MainThread) -> MainThread:
        return MainThread(self.tasks - earlier.tasks, self.cpu - earlier.cpu, self.at - earlier.at)

    @property
    def busy(self) -> float:
        """Share of the time spent in tasks."""
        return self.tasks / self.at

    @property
    def on_core(self) -> float:
        """Share of the time spent on a core."""
        return self.cpu / self.at

    def __str__(self) -> str:
        return f"{self.busy:.1%} ({self.on_core:.1%} CPU)"


@dataclass(frozen=True)
class Memory:
    """What a page holds after its garbage was collected.

    Attributes:
        heap: Bytes of JavaScript's heap and of the objects of the document.
        nodes: Nodes of the document, those that scripts hold included.
    """

    heap: int
    nodes: int

    def __sub__(self, less: Memory) -> Memory:
        return Memory(self.heap - less.heap, self.nodes - less.nodes)

    def __str__(self) -> str:
        return f"{self.heap / 1e6:.1f} MB, {self.nodes:,} nodes"
