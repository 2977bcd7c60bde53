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

  // What shows the focus stands out from what is around it by 3:1 (WCAG 2.4.11, 1.4.11).
  const shades = (text) => [...text.matchAll(/rgba?\(([^)]+)\)/g)].map((found) => found[1].split(/[ ,/]+/).map(Number)).filter((one) => one.length < 4 || one[3] > 0.5);
  const light = (one) => {
    const [red, green, blue] = one.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (one) => {
    for (let box = one.parentElement; box; box = box.parentElement) {
      const [shade] = shades(getComputedStyle(box).backgroundColor);
      if (shade) {
        return shade;
      }
    }
    return [255, 255, 255];
  };
  const marks = (style) => [
    parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none" ? style.outlineColor : "",
    style.boxShadow,
    style.backgroundColor,
    parseFloat(style.borderTopWidth) > 0 ? `${style.borderTopWidth} ${style.borderTopColor}` : "",
  ];
  const marked = (one) => [one, one.nextElementSibling].filter(Boolean).flatMap((part) => [null, "::before", "::after"].flatMap((pseudo) => marks(getComputedStyle(part, pseudo))));
  const forced = matchMedia("(forced-colors: active)").matches;

  // Focus changes how a control looks, and nothing covers it.
  const look = (one) => {
    const parts = [one, one.nextElementSibling].filter(Boolean).flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)));
    return parts.map((style) => [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecoration].join()).join();
  };
  for (const one of controls.filter((one) => !one.disabled)) {
    const [before, unmarked] = [look(one), marked(one)];
    one.focus({ focusVisible: true });
    if (document.activeElement !== one) {
      faults.push(`cannot be focused: ${name(one)}`);
      continue;
    }
    if (look(one) === before) {
      faults.push(`focus does not show: ${name(one)}`);
    } else if (!forced) {
      const fresh = marked(one).filter((mark, at) => mark !== unmarked[at]).flatMap(shades);
      if (!fresh.some((shade) => contrast(shade, behind(one)) >= 3)) {
        faults.push(`focus does not stand out: ${name(one)}`);
      }
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

  // Controls follow each other as they are read: down, and within a line from left to right.
  const boxes = controls.map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
  for (const [at, [one, box]] of boxes.entries()) {
    const [before, above] = boxes[at - 1] ?? [];
    if (!above || one.closest("label") || before.closest("label")) {
      continue;
    }
    const isInLine = Math.min(box.bottom, above.bottom) - Math.max(box.top, above.top) > Math.min(box.height, above.height) / 2;
    if (isInLine ? box.right <= above.left + 1 : box.bottom <= above.top + 1 && box.left < above.right) {
      faults.push(`comes after what is read later: ${name(one)}`);
    }
  }

  // Whatever is typed can be pasted (WCAG 3.3.8).
  for (const one of controls.filter((one) => one.matches("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=submit])"))) {
    if (!one.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true }))) {
      faults.push(`nothing can be pasted: ${name(one)}`);
    }
  }

  // Help stands in the same place of every page (WCAG 3.2.6): whom to ring, then help; 999 above all.
  const places = [...document.querySelectorAll("footer a")].map((one) => one.getAttribute("href"));
  if (places[0] !== "/channels" || places[1] !== "/help" || document.querySelector("header a[href='/now']") === null) {
    faults.push("help is not in its place");
  }

  const order = [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0);
  faults.push(...order.map((one) => `a tab order of its own: ${name(one)}`));
  return faults;
}
