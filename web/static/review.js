const form = document.querySelector("form[data-review]");
const OFF = "datawash.review.keys";

function isTyping(target) {
  return target.closest("textarea, select, input:not([type=radio])") !== null;
}

function choose(number) {
  const answer = form.querySelector(`#answer-${number}`);
  if (!answer) return;
  answer.checked = true;
  answer.focus();
}

function offerKeys() {
  const line = form.querySelector(".dw-keys");
  const button = line.querySelector("button");
  const marks = form.querySelectorAll(".dw-key");
  let on = localStorage.getItem(OFF) === null;
  const say = () => {
    button.textContent = `Keys 1, 2, 3 choose an answer: ${on ? "on" : "off"}`;
    button.setAttribute("aria-pressed", String(on));
    marks.forEach((mark) => { mark.hidden = !on; });
  };
  button.addEventListener("click", () => {
    on = !on;
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    say();
  });
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (/^[123]$/.test(event.key)) choose(event.key);
  });
  line.hidden = false;
  say();
}

if (form) offerKeys();
