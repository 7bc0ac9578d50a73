/* Ticking vouchers: what must be signed together is ticked together; a button ticks one group. */
"use strict";

(function () {
  const all = (selector, root) => Array.from(root.querySelectorAll(selector));

  all("form[data-families]", document).forEach((form) => {
    /* Before the form counts: it listens for the same event on its way up. */
    form.addEventListener("change", (event) => {
      const family = event.target.dataset.family;
      if (!family) return;
      const members = family.split(" ");
      all("[data-family]", form).forEach((box) => {
        if (!box.disabled && members.includes(box.dataset.idx)) box.checked = event.target.checked;
      });
    }, true);

    all("[data-pick-group]", form).forEach((button) => {
      button.addEventListener("click", () => {
        const boxes = all("[data-pick-one]", button.closest("section")).filter((box) => !box.disabled);
        const tick = boxes.some((box) => !box.checked);
        boxes.forEach((box) => {
          if (box.checked === tick) return;
          box.checked = tick;
          box.dispatchEvent(new Event("change", { bubbles: true }));
        });
      });
    });
  });
}());
