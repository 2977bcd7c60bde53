async () => {
  const faults = [];
  const name = (one) => `<${one.tagName.toLowerCase()}> ${(one.textContent || one.name || "").trim().slice(0, 40)}`;
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && !one.closest(".govuk-visually-hidden, .govuk-skip-link:not(:focus)");
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(shown);

  // Targets of 24 px, but for links within a sentence (WCAG 2.5.8); a choice is pressed by its label too.
  for (const one of controls) {
    const inSentence = one.tagName === "A" && getComputedStyle(one).display === "inline";
    const box = one.getBoundingClientRect();
    if (!inSentence && box.width > 0 && (box.width < 24 || box.height < 24)) {
      faults.push(`target of ${Math.round(box.width)} by ${Math.round(box.height)}: ${name(one)}`);
    }
  }

  // Focus changes how a control looks, and nothing covers it.
  const look = (one) => {
    const parts = [one, one.nextElementSibling].filter(Boolean).flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)));
    return parts.map((style) => [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecoration].join()).join();
  };
  for (const one of controls.filter((one) => !one.disabled)) {
    const before = look(one);
    one.focus({ focusVisible: true });
    if (document.activeElement !== one) {
      faults.push(`cannot be focused: ${name(one)}`);
      continue;
    }
    if (look(one) === before) {
      faults.push(`focus does not show: ${name(one)}`);
    }
    const box = one.getBoundingClientRect();
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (middle !== null && !one.contains(middle) && !middle.contains(one) && !(one.labels && [...one.labels].some((label) => label.contains(middle) || middle.contains(label)))) {
      faults.push(`focus is covered: ${name(one)}`);
    }
    one.blur();
  }

  const sideways = () => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1;
  if (sideways()) {
    faults.push("the page scrolls sideways");
  }
  for (const table of document.querySelectorAll("table")) {
    if (table.scrollWidth > table.parentElement.clientWidth + 1) {
      faults.push("a table is wider than its box");
    }
  }

  // Text spacing (WCAG 1.4.12): nothing is cut off where readers set more room.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  if (sideways()) {
    faults.push("with wider text the page scrolls sideways");
  }
  for (const one of document.querySelectorAll("p, h1, h2, h3, li, label, legend, dt, dd, button, a")) {
    const style = getComputedStyle(one);
    if (shown(one) && style.overflow !== "visible" && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2)) {
      faults.push(`with wider text words are cut off: ${name(one)}`);
    }
  }
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);

  const order = [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0);
  faults.push(...order.map((one) => `a tab order of its own: ${name(one)}`));
  return faults;
}
