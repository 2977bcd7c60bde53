// Runs as the first thing of the body: marks that scripts run, so that what they draw is shown.
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
