// The debugger's page: frames that open, variables, consoles, a login. No library, no request to anywhere else.
"use strict";

const page = document.body.dataset;
const evalex = page.evalex === "true";
let trusted = page.trusted === "true";

function ask(parameters) {
  const query = new URLSearchParams({ __debugger__: "yes", s: page.secret, ...parameters });
  return fetch(`?${query}`, { credentials: "same-origin", cache: "no-store" });
}

// ---- Login: asked for when the first console or the first variables are wanted.

let pendingLogin = null;

function ensureLogin() {
  if (trusted) return Promise.resolve(true);
  if (pendingLogin) return pendingLogin;
  pendingLogin = new Promise((resolve) => {
    const dialog = document.getElementById("login");
    const input = document.getElementById("pin");
    const message = document.getElementById("login-message");
    const form = dialog.querySelector("form");
    const finish = (result) => {
      form.onsubmit = null;
      dialog.onclose = null;
      if (dialog.open) dialog.close();
      pendingLogin = null;
      resolve(result);
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      message.textContent = "Checking …";
      try {
        const answer = await (await ask({ cmd: "pinauth", pin: input.value })).json();
        if (answer.auth) {
          trusted = true;
          message.textContent = "";
          finish(true);
        } else {
          message.textContent = answer.exhausted
            ? "Too many wrong attempts. Restart the server to try again."
            : "That is neither the PIN nor the token.";
          input.select();
        }
      } catch {
        message.textContent = "The server didn't answer. Is it still running?";
      }
    };
    dialog.onclose = () => finish(trusted);
    document.getElementById("login-cancel").onclick = () => dialog.close();
    ask({ cmd: "printpin" }).catch(() => {});
    dialog.showModal();
    input.value = "";
    input.focus();
  });
  return pendingLogin;
}

// ---- Long values are folded until asked for.

function addFolds(root) {
  for (const part of root.querySelectorAll(".extended")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "unfold";
    button.textContent = "…";
    button.setAttribute("aria-label", "Show the rest");
    button.onclick = () => {
      part.parentElement.classList.add("unfolded");
      button.remove();
    };
    part.before(button);
  }
}

// ---- Consoles.

function makeConsole(host, frame) {
  const output = document.createElement("div");
  output.className = "output";
  output.setAttribute("role", "log");
  output.setAttribute("aria-live", "polite");
  output.tabIndex = -1;
  const form = document.createElement("form");
  const prompt = document.createElement("span");
  prompt.textContent = ">>>";
  prompt.setAttribute("aria-hidden", "true");
  const input = document.createElement("input");
  input.setAttribute("aria-label", "Python command");
  input.autocomplete = "off";
  input.autocapitalize = "off";
  input.spellcheck = false;
  form.append(prompt, input);
  host.append(output, form);
  const history = [];
  let position = 0;

  form.onsubmit = async (event) => {
    event.preventDefault();
    const command = input.value;
    if (!(await ensureLogin())) return;
    if (command.trim()) history.push(command);
    position = history.length;
    input.value = "";
    const entry = document.createElement("div");
    output.append(entry);
    try {
      const response = await ask({ cmd: command, frm: frame });
      if (!response.ok) throw new Error(String(response.status));
      entry.innerHTML = await response.text();
      addFolds(entry);
      prepareFrames(entry);
      prompt.textContent = entry.textContent.startsWith("...") && command.trim() ? "..." : ">>>";
      if (/:\s*$/.test(command)) prompt.textContent = "...";
    } catch {
      entry.textContent = `>>> ${command}\nThe server didn't run this: the frame may be gone. Reload the page.`;
    }
    output.scrollTop = output.scrollHeight;
  };
  input.onkeydown = (event) => {
    if (event.key === "ArrowUp" && position > 0) input.value = history[--position];
    else if (event.key === "ArrowDown" && position < history.length) input.value = history[++position] ?? "";
    else if (event.key === "l" && event.ctrlKey) output.replaceChildren();
    else if (event.key === "Escape") host.closest(".frame")?.querySelector("h3").focus();
    else return;
    event.preventDefault();
  };
  return input;
}

// ---- Frames.

function setOpen(frame, open) {
  frame.classList.toggle("open", open);
  frame.querySelector("h3").setAttribute("aria-expanded", String(open));
}

async function toggleConsole(frame) {
  if (!evalex) return;
  setOpen(frame, true);
  let host = frame.querySelector(".console");
  if (!host) {
    host = document.createElement("div");
    host.className = "console";
    frame.append(host);
    makeConsole(host, frame.dataset.frame);
  }
  const shown = host.classList.toggle("shown");
  if (shown && (await ensureLogin())) host.querySelector("input").focus();
}

async function toggleVariables(frame) {
  if (!evalex) return;
  setOpen(frame, true);
  let host = frame.querySelector(".variables");
  if (host) {
    host.classList.toggle("shown");
    return;
  }
  if (!(await ensureLogin())) return;
  host = document.createElement("div");
  host.className = "variables shown";
  frame.querySelector(".tools").after(host);
  try {
    const response = await ask({ do: "locals", frm: frame.dataset.frame });
    if (!response.ok) throw new Error(String(response.status));
    host.innerHTML = await response.text();
    addFolds(host);
  } catch {
    host.textContent = "The variables aren't there any more. Reload the page.";
  }
}

function prepareFrames(root) {
  for (const frame of root.querySelectorAll(".frame")) {
    const title = frame.querySelector("h3");
    title.onclick = () => setOpen(frame, !frame.classList.contains("open"));
    if (!evalex || root !== document) continue;
    const tools = document.createElement("div");
    tools.className = "tools";
    for (const [text, action] of [["Variables", toggleVariables], ["Console", toggleConsole]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.onclick = () => action(frame);
      tools.append(button);
    }
    frame.querySelector(".source").after(tools);
  }
}

function visibleFrames() {
  return [...document.querySelectorAll(".traceback .frame")].filter((frame) => frame.offsetParent !== null);
}

function setLibraries(on) {
  document.body.classList.toggle("libraries", on);
  document.getElementById("libraries")?.setAttribute("aria-pressed", String(on));
}

async function copyText() {
  const button = document.getElementById("copy");
  const plain = document.getElementById("plain");
  try {
    await navigator.clipboard.writeText(plain.textContent);
    button.textContent = "Copied";
  } catch {
    plain.closest("details").open = true;
    getSelection().selectAllChildren(plain);
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => { button.textContent = "Copy traceback"; }, 2000);
}

function onKey(event) {
  if (event.target.closest("input, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const frames = visibleFrames();
  const current = document.activeElement.closest?.(".frame");
  const index = frames.indexOf(current);
  const move = (target) => frames[target]?.querySelector("h3").focus();
  if (event.key === "j") move(Math.min(index + 1, frames.length - 1));
  else if (event.key === "k") move(index < 0 ? frames.length - 1 : Math.max(index - 1, 0));
  else if ((event.key === "Enter" || event.key === " ") && event.target.matches(".frame > h3")) event.target.click();
  else if (event.key === "c" && current) toggleConsole(current);
  else if (event.key === "v" && current) toggleVariables(current);
  else if (event.key === "l") setLibraries(!document.body.classList.contains("libraries"));
  else if (event.key === "y" && document.getElementById("copy")) copyText();
  else return;
  event.preventDefault();
}

prepareFrames(document);
document.addEventListener("keydown", onKey);
document.getElementById("copy")?.addEventListener("click", copyText);
document.getElementById("libraries")?.addEventListener("click", () => {
  setLibraries(!document.body.classList.contains("libraries"));
});
const standalone = document.querySelector(".standalone.console");
if (standalone) {
  const input = makeConsole(standalone, standalone.dataset.frame);
  ensureLogin().then(() => input.focus());
}
// The frame that failed last is what one looks for first: the last own one, or the last one.
const frames = visibleFrames();
if (!frames.length) setLibraries(true);
const last = visibleFrames().at(-1);
if (last) setOpen(last, true);
