/* Small comforts. Every page works without this file; words come from data attributes, never from here. */
"use strict";

(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  /** Return fen as yuan: `−1,234.50`, the same as the server writes it. */
  function yuan(fen) {
    const whole = Math.floor(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    return (fen < 0 ? "\u2212" : "") + whole + "." + String(Math.abs(fen) % 100).padStart(2, "0");
  }

  function megabytes(bytes) {
    return bytes < 1048576 ? Math.ceil(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }

  /* Files: names and sizes before they are sent. */
  function fileHints() {
    all("input[type=file]").forEach((input) => {
      const hint = input.parentElement.querySelector("[data-file-hint]");
      if (!hint) return;
      const first = hint.textContent;
      input.addEventListener("change", () => {
        const files = Array.from(input.files);
        const sum = files.reduce((bytes, file) => bytes + file.size, 0);
        const most = Number(input.dataset.bytesMax || Infinity);
        const tooLarge = sum > most;
        hint.textContent = files.length ? files.map((file) => file.name + " (" + megabytes(file.size) + ")").join(", ") : first;
        if (tooLarge) hint.textContent += " " + (input.dataset.tooLarge || "") + " (> " + megabytes(most) + ")";
        hint.classList.toggle("is-bad", tooLarge);
        input.setCustomValidity(tooLarge ? input.dataset.tooLarge || " " : "");
      });
    });
  }

  /* Tables to tick: <form data-pick>, boxes [data-pick-one data-fen], [data-pick-all], outputs [data-pick-count], [data-pick-sum]. */
  function picking(form) {
    const boxes = all("[data-pick-one]", form).filter((box) => !box.disabled);
    const whole = form.querySelector("[data-pick-all]");
    const rows = boxes.map((box) => box.closest("tr") || box.parentElement);
    let at = -1;

    function tell() {
      const ticked = boxes.filter((box) => box.checked);
      const sum = ticked.reduce((fen, box) => fen + Number(box.dataset.fen || 0), 0);
      all("[data-pick-count]", form).forEach((place) => { place.textContent = String(ticked.length); });
      all("[data-pick-sum]", form).forEach((place) => { place.textContent = yuan(sum); place.classList.toggle("minus", sum < 0); });
      all("[data-pick-needed]", form).forEach((button) => { button.disabled = ticked.length === 0; });
      boxes.forEach((box, index) => rows[index].classList.toggle("is-picked", box.checked));
      if (whole) {
        whole.checked = ticked.length > 0 && ticked.length === boxes.length;
        whole.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
      }
    }

    function go(step) {
      at = Math.max(0, Math.min(boxes.length - 1, at + step));
      rows[at].tabIndex = -1;
      rows[at].focus({ preventScroll: true });
      rows[at].scrollIntoView({ block: "nearest" });
    }

    rows.forEach((row, index) => row.addEventListener("focusin", () => { at = index; }));
    form.addEventListener("change", (event) => {
      if (event.target === whole) boxes.forEach((box) => { box.checked = whole.checked; });
      tell();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("textarea, select, button, a, summary, input:not([type=checkbox])");
      if (typing || !boxes.length || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "j") go(1);
      else if (event.key === "k") go(at < 0 ? 1 : -1);
      else if (event.key === " " && at >= 0 && event.target === rows[at]) {
        event.preventDefault();
        boxes[at].checked = !boxes[at].checked;
        tell();
      }
    });
    window.addEventListener("pageshow", tell);
    tell();
  }

  /* Forms that ask first: data-ask="…" before sending, data-guard before leaving with changes. */
  function asking() {
    document.addEventListener("submit", (event) => {
      const words = (event.submitter && event.submitter.dataset.ask) || event.target.dataset.ask;
      if (words && !window.confirm(words)) event.preventDefault();
    });
  }

  function guarding() {
    let dirty = false;
    all("form[data-guard]").forEach((form) => {
      form.addEventListener("input", () => { dirty = true; });
      form.addEventListener("submit", (event) => { if (!event.defaultPrevented) dirty = false; });
    });
    window.addEventListener("beforeunload", (event) => {
      if (dirty) { event.preventDefault(); event.returnValue = ""; }
    });
  }

  /* A form is sent once: a second click on its button does nothing. */
  function once() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== "post") return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      window.setTimeout(() => { delete form.dataset.sent; }, 8000);
    });
    window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));
  }

  /* The drawer on a phone closes on Escape. */
  function drawer() {
    document.addEventListener("keydown", (event) => {
      const open = document.querySelector("details.drawer[open]");
      if (event.key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
    });
  }

  asking();
  once();
  guarding();
  drawer();
  fileHints();
  all("form[data-pick]").forEach(picking);
}());
