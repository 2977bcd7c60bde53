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

function over() {
  const save = document.querySelector('#page button[name="_action"][value="save"]');
  document.body.hidden = true;
  if (save !== null) {
    save.click();
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
