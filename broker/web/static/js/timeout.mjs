// Warns before a session ends, keeps it where somebody stays, and clears the screen where nobody does.
const dialog = document.getElementById("timeout");
const left = document.getElementById("timeout-left");
const idle = Number(dialog.dataset.seconds) * 1000;
const warning = Math.min(300_000, idle / 2);
let ends = Date.now() + idle;
let told = 0;

function stay() {
  dialog.close();
  told = 0;
  const asked = new Image();
  asked.addEventListener("load", () => (ends = Date.now() + idle));
  asked.addEventListener("error", over);
  asked.src = `${dialog.dataset.stay}?at=${Date.now()}`;
}

const secret = 'input[type="password"], input[autocomplete="one-time-code"]';
const chosenFirst = (list) => Math.max(0, [...list.options].findIndex((one) => one.defaultSelected));

function isTyped(field) {
  switch (field.type) {
    case "checkbox":
    case "radio":
      return field.checked !== field.defaultChecked;
    case "select-one":
      return field.selectedIndex !== chosenFirst(field);
    case "hidden":
      return false;
    default:
      // A button has no default.
      return field.value !== (field.defaultValue ?? field.value);
  }
}

// The form that somebody typed in, before or after it was shown again with what is wrong in it.
// What a secret stands in is kept nowhere.
function typedForm() {
  const own = document.getElementById("hide-my-screen")?.form;
  const forms = [...document.querySelectorAll('main form[method="post"]')];
  const shownAgain = document.querySelector(".govuk-error-summary") && forms.find((form) => form === own);
  const typed = forms.find((form) => [...form.elements].some(isTyped)) ?? shownAgain;
  return typed?.querySelector(secret) ? undefined : typed || undefined;
}

function keep(form) {
  const at = document.createElement("input");
  at.type = "hidden";
  at.name = "_typed_at";
  at.value = document.querySelector("#hide-my-screen[name=_typed_at]")?.form === form
    ? document.getElementById("hide-my-screen").value
    : new URL(form.getAttribute("action") ?? "", location.href).pathname;
  form.append(at);
  for (const file of form.querySelectorAll('input[type="file"]')) {
    file.disabled = true;
  }
  form.setAttribute("action", "/over");
  form.noValidate = true;
  HTMLFormElement.prototype.submit.call(form);
}

function over() {
  const save = document.querySelector('#page button[name="_action"][value="save"]');
  const form = typedForm();
  document.body.hidden = true;
  if (save !== null) {
    save.click();
  } else if (form !== undefined) {
    keep(form);
  } else {
    location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
  }
}

function look() {
  const rest = ends - Date.now();
  if (rest <= 0) {
    clearInterval(looking);
    over();
  } else if (rest <= warning) {
    const minutes = Math.ceil(rest / 60_000);
    if (minutes !== told) {
      told = minutes;
      left.textContent = String(minutes);
    }
    if (!dialog.open) {
      dialog.showModal();
    }
  }
}

const looking = setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  stay();
});
document.getElementById("timeout-stay").addEventListener("click", stay);
