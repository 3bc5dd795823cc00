// Sends the page's own forms in place and shows at once what is new. Everything works without it, with a reload.
// Our own rather than a library's: where the focus goes, what is read out, what stays filled in and which stream is
// open would have to be scripted on top of one all the same.
"use strict";

const body = document.body;
const messages = document.getElementById("messages");
const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;
const BUSY = "form[aria-busy]";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function show(element, block) {
  element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

// Every element of the answer takes the place of the one with its id; returns what a person should look at next.
function place(html) {
  let next = null;
  for (const fresh of [...parse(html).children]) {
    const old = document.getElementById(fresh.id);
    if (old) old.replaceWith(fresh);
    else if (fresh.matches("li.message")) messages.append(fresh);
    else continue;
    next = fresh.querySelector("article") ?? next;
  }
  return next;
}

function problem(form, text) {
  const line = Object.assign(document.createElement("p"), { className: "problem", textContent: text });
  line.setAttribute("role", "alert");
  form.append(line);
  show(line, "nearest");
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  if (form.matches(BUSY)) return; // a second tap on a slow line
  const button = event.submitter ?? form.querySelector("button");
  const label = button.querySelector("span");
  const words = label?.textContent;
  const data = new FormData(form);
  data.append(button.name, button.value);
  form.querySelector(".problem")?.remove();
  form.setAttribute("aria-busy", "true");
  if (label) label.textContent = body.dataset.sending;
  try {
    const response = await fetch("./", { method: "POST", body: new URLSearchParams(data), headers: { Accept: "text/x-fragment" } });
    const text = await response.text();
    if (!response.ok) throw new Error(response.headers.get("Content-Type")?.startsWith("text/plain") ? text : "");
    if ("clears" in form.dataset) form.reset();
    const next = place(text);
    next?.focus({ preventScroll: true });
    if (next) show(next, "nearest");
  } catch (error) {
    // What fetch itself throws is a TypeError in the browser's words; ours are kinder.
    messages.dataset.state = ""; // our own change may have been passed over, see below
    listen();
    problem(form, (error instanceof TypeError ? "" : error.message) || body.dataset.offline);
  } finally {
    form.removeAttribute("aria-busy");
    if (label) label.textContent = words;
  }
});

// New and changed messages. What is shown already in the same wording stays, with all that is filled in.
function arrive(event, whole) {
  const found = [...parse(event.data).children];
  const atEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 160;
  let latest = null;
  for (const fresh of found) {
    const old = document.getElementById(fresh.id);
    if (old?.dataset.revision === fresh.dataset.revision) continue;
    if (old?.querySelector(BUSY)) continue; // the answer to what is being sent right now brings it, and the focus
    if (old) old.replaceWith(fresh);
    else messages.append(fresh);
    latest = fresh;
  }
  if (whole) {
    const ids = new Set(found.map((fresh) => fresh.id));
    for (const item of [...messages.children]) if (!ids.has(item.id)) item.remove();
  }
  messages.dataset.state = event.lastEventId;
  if (!latest) return;
  announce(`${body.dataset.arrived} ${latest.querySelector(".says").textContent.trim()}`);
  if (atEnd && !document.activeElement?.matches("input, textarea")) show(latest, "nearest");
}

let stream = null;
let again = 0;

function listen() {
  clearTimeout(again);
  stream?.close();
  stream = null;
  if (document.hidden) return; // a browser opens six connections to a server, over all tabs; and phones sleep
  stream = new EventSource(`events?state=${messages.dataset.state}`);
  const line = document.getElementById("connection");
  stream.addEventListener("open", () => { line.hidden = true; });
  stream.addEventListener("whole", (event) => arrive(event, true));
  stream.addEventListener("part", (event) => arrive(event, false));
  stream.addEventListener("error", () => {
    line.hidden = false;
    if (stream?.readyState === EventSource.CLOSED) again = setTimeout(listen, 3000);
  });
}

document.addEventListener("visibilitychange", listen);
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
addEventListener("pagehide", () => stream?.close());
listen();

const last = document.querySelector("#reply article") ?? messages.lastElementChild;
if (last && !location.hash) last.scrollIntoView({ block: "nearest" });
