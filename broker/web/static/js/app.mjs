// What scripts add to pages that work without them.
import { Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink, createAll } from "./govuk-frontend-6.6.0.min.js";

for (const component of [Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

// Shift, three times within five seconds and no other key between, hides the screen.
const presses = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    presses.length = 0;
    return;
  }
  if (event.repeat) {
    return;
  }
  presses.push(event.timeStamp);
  presses.splice(0, presses.length - 3);
  if (presses.length === 3 && event.timeStamp - presses[0] <= 5000) {
    presses.length = 0;
    const button = document.getElementById("hide-my-screen");
    if (button !== null) {
      document.body.hidden = true;
      button.click();
    }
  }
});

document.getElementById("print")?.addEventListener("click", () => window.print());
