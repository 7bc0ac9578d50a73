/* The running sum of ticked lines on both sides. The page works without it: the server adds up again. */
"use strict";

(function () {
  const all = (selector, root) => Array.from(root.querySelectorAll(selector));

  /** Return fen as yuan: `−1,234.50`, the same as the server writes it. */
  function yuan(fen) {
    const whole = Math.floor(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
    return (fen < 0 ? "\u2212" : "") + whole + "." + String(Math.abs(fen) % 100).padStart(2, "0");
  }

  all("form[data-reconcile]", document).forEach((form) => {
    const bar = form.querySelector("[data-sums]");
    if (!bar) return;

    function tell() {
      const sums = { statement: 0, book: 0 };
      const ticked = all("input[data-side]", form).filter((box) => box.checked);
      ticked.forEach((box) => { sums[box.dataset.side] += Number(box.dataset.fen); });
      all("[data-sum]", bar).forEach((place) => { place.textContent = yuan(sums[place.dataset.sum]); });
      bar.querySelector("[data-difference]").textContent = yuan(sums.statement - sums.book);
      bar.classList.toggle("is-even", ticked.length > 1 && sums.statement === sums.book);
      bar.hidden = ticked.length === 0;
    }

    form.addEventListener("change", tell);
    window.addEventListener("pageshow", tell);
    tell();
  });
}());
