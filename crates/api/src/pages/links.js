// What a link brought stands behind `#`: it is taken out of the address at once, so that neither the
// history nor a screenshot keeps it, and sent only when the button is pressed.
"use strict";

const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

// Of the forms of a page, those with `data-link` send what the link brought.
const forms = [...document.querySelectorAll("form")];
const status = document.querySelector("[role=status]");

function say(form, text, done) {
  status.textContent = text;
  form.hidden = done;
}

async function refusal(reply) {
  if (reply.status === 429 || reply.status >= 500) {
    return "The server cannot do this now. Try again in a minute; the link goes on counting.";
  }
  const problem = await reply.json();
  if (problem.code === "invalid_code") {
    return "This link was used before, or its hour is over. Ask for another one.";
  }
  // A rule is told as "new_password is too short": here it has a label.
  const told = (error) => (error.detail || "").replace(/^new_password/, "The password");
  const details = (problem.errors || []).map(told).filter(Boolean);
  return details.length > 0 ? details.join(" ") : problem.detail;
}

async function send(form) {
  const typed = Object.fromEntries(new FormData(form));
  const reply = await fetch(form.dataset.post, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify("link" in form.dataset ? { token, ...typed } : typed),
  });
  say(form, reply.ok ? form.dataset.done : await refusal(reply), reply.ok);
}

for (const form of forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await send(form);
    } catch {
      say(form, "The server did not answer. Try again; the link goes on counting.", false);
    }
    button.disabled = false;
  });
  if (token === "" && "link" in form.dataset) {
    say(form, "Something of the link is missing. Open it as it stands in the letter, or ask for another one.", true);
  }
}
