/**
 * Measures inside the page, in milliseconds of performance.now(). Runs before the page's own scripts, and knows of
 * either chat only the class names and the button that both have.
 *
 * "Visible" means: in the document when the main thread has finished a frame (a task posted from an animation frame
 * runs after that frame's style, layout and paint).
 */
(() => {
  /** No benchmark waits longer for one thing. */
  const DEADLINE_MS = 90_000;
  const now = () => performance.now();
  let clicked = 0;
  let cancelSent = null;
  window.addEventListener("click", (event) => (clicked = event.timeStamp), { capture: true });

  /** Bytes of all bodies and messages; what the chats send is mostly ASCII. */
  let sentBytes = 0;
  const count = (body) => (sentBytes += typeof body === "string" ? body.length : 0);
  const { fetch } = window;
  window.fetch = (resource, options) => (count(options?.body), fetch(resource, options));
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    count(body);
    send.call(this, body);
  };

  /** Begin and duration of all tasks over 50 ms. */
  const longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((task) => longTasks.push([task.startTime, task.duration])))
    .observe({ type: "longtask", buffered: true });

  let arrivals = [];
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (sampling) {
          arrivals.push([data, now()]);
        }
      });
    }

    send(data) {
      if (data.includes('"cancel"')) {
        cancelSent = now();
      }
      count(data);
      super.send(data);
    }
  };

  const channel = new MessageChannel();
  let whenFrameIsDone = () => {};
  channel.port1.onmessage = () => whenFrameIsDone();
  const afterFrame = (callback) => {
    requestAnimationFrame(() => {
      whenFrameIsDone = callback;
      channel.port2.postMessage(null);
    });
  };

  const LAST_MARK = /.*\bn(\d+)\b/s;

  const answers = document.getElementsByClassName("chat-assistant-message");
  let answersBefore = 0;

  /** The number of the last token ("n12 ") in the newest answer, read from its end; 0 while there is none. */
  const lastNumber = () => {
    if (answers.length <= answersBefore) {
      return 0;
    }
    let node = answers[answers.length - 1];
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (node.lastChild) {
      node = node.lastChild;
    }
    walker.currentNode = node;
    for (; node; node = walker.previousNode()) {
      const mark = node.nodeType === Node.TEXT_NODE ? LAST_MARK.exec(node.data) : null;
      if (mark) {
        return Number(mark[1]);
      }
    }
    return 0;
  };

  /** A promise that is rejected at the deadline. */
  const inTime = (what, executor) =>
    new Promise((resolve, reject) => {
      executor(resolve);
      setTimeout(() => reject(new Error(`${what} did not come`)), DEADLINE_MS);
    });

  let sampling = false;
  let samples = [];
  let fieldSeen = null;
  let waiting = null;
  const sample = () => {
    const time = now();
    const number = lastNumber();
    fieldSeen ??= document.querySelector('textarea[id$="-chat-input"]') && time;
    if (number > (samples.at(-1)?.[0] ?? 0)) {
      samples.push([number, time]);
    }
    if (waiting && number >= waiting.number) {
      waiting.resolve();
      waiting = null;
    }
    if (sampling) {
      afterFrame(sample);
    }
  };

  window.benchmarkProbe = {
    now,

    sentBytes: () => sentBytes,

    /** The longest task over 50 ms that began since then, else 0. */
    longestTask: (since) => Math.max(0, ...longTasks.filter(([begin]) => begin >= since).map(([, duration]) => duration)),

    /** Begins to note which token of the next answer is visible after each frame. */
    startSampling() {
      answersBefore = answers.length;
      samples = [];
      arrivals = [];
      sampling = true;
      afterFrame(sample);
    },

    /** Resolves when the token is visible. */
    untilVisible(number) {
      return inTime(`token ${number}`, (resolve) => (waiting = { number, resolve }));
    },

    /**
     * Returns when the last click was, [token, when it or a later one was first visible], the WebSocket messages with
     * the time when the page got them, and when the field was first visible.
     */
    stopSampling() {
      sampling = false;
      return { clicked, samples, arrivals, fieldSeen };
    },

    /** Watches for the end of an answer at the button; `stopped` resolves when the button sends again. */
    armStop() {
      cancelSent = null;
      const button = document.querySelector('[id$="-send-button"]');
      this.stopped = inTime("the end of the answer", (resolve) => {
        const observer = new MutationObserver(() => {
          if (button.getAttribute("aria-label") === "Send message") {
            const idle = now();
            observer.disconnect();
            afterFrame(() => resolve({ clicked, idle, painted: now(), cancelSent }));
          }
        });
        observer.observe(button, { attributeFilter: ["aria-label"] });
      });
    },

    /** Counts the charts of answers, and how often they are drawn. */
    watchCharts() {
      const charts = new Set();
      let draws = 0;
      const look = () => {
        for (const chart of document.querySelectorAll(".chat-component .js-plotly-plot")) {
          if (!charts.has(chart) && chart.on) {
            charts.add(chart);
            chart.on("plotly_afterplot", () => (draws += 1));
          }
        }
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true });
      this.armStop();
      this.firstChart = () => inTime("the first chart", (resolve) => {
        const wait = () => (charts.size > 0 ? resolve() : requestAnimationFrame(wait));
        wait();
      });
      this.chartAtRest = () => this.stopped.then(() => {
        observer.disconnect();
        return { draws, mounts: charts.size };
      });
    },

    /** Focuses the field, fills it and clicks the button, all in one task: no connection can have been opened. */
    sendCold(text) {
      const field = document.querySelector('textarea[id$="-chat-input"]');
      field.focus();
      const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
      set.call(field, text);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      document.querySelector('[id$="-send-button"]').click();
    },
  };
})();
