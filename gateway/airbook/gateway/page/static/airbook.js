// The page works without this script; with it, changes show by themselves.
"use strict";

function localize(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      time.textContent = at.toLocaleString(document.documentElement.lang);
    }
  }
}

function statuses() {
  const found = new Map();
  for (const row of document.querySelectorAll("[data-status]")) {
    found.set(row.id, row.dataset.status);
  }
  return found;
}

// A screen reader hears what was decided; the rest of the page changes in silence.
function announce(before) {
  const sentences = [];
  for (const row of document.querySelectorAll("[data-status]")) {
    if (before.has(row.id) && before.get(row.id) !== row.dataset.status) {
      sentences.push(row.dataset.sentence);
    }
  }
  if (sentences.length > 0) {
    document.getElementById("said").textContent = sentences.slice(0, 3).join(" ");
  }
}

async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = statuses();
  const focused = document.activeElement?.id;
  for (const part of document.querySelectorAll("[data-live]")) {
    const replacement = fresh.getElementById(part.id);
    if (replacement === null) {
      location.reload(); // the session has ended
      return;
    }
    localize(replacement);
    if (replacement.innerHTML !== part.innerHTML) {
      part.replaceWith(replacement);
    }
  }
  if (focused && document.activeElement === document.body) {
    document.getElementById(focused)?.focus();
  }
  announce(before);
}

function follow() {
  let running = false;
  let again = false;
  const changes = new EventSource("/page/changes");
  changes.onmessage = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      try {
        await refresh();
      } catch {
        // The next message tries again.
      }
    } while (again);
    running = false;
  };
}

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.question;
  if (question && !confirm(question)) {
    event.preventDefault();
  }
});
localize(document);
if (document.querySelector("[data-live]")) {
  follow();
}
