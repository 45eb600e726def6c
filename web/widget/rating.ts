// The question at the end: five answers in words, and room for one's own.
import { make } from "./dom";
import type { Texts } from "./texts";

export function ratingForm(texts: Texts, send: (score: number, comment: string) => Promise<boolean>): HTMLElement {
  const button = make("button", { type: "submit", disabled: true }, texts.rateSend);
  const comment = make("textarea", { maxlength: 500, rows: 2 });
  const problem = make("p", { class: "note", role: "alert" });
  const scores = [1, 2, 3, 4, 5].map((score) =>
    make("label", {}, make("input", { type: "radio", name: "score", value: score }), texts.score(score)),
  );
  const form = make(
    "form",
    { class: "rating" },
    make("fieldset", {}, make("legend", {}, texts.rate), make("div", { class: "scores" }, ...scores)),
    make("label", {}, texts.comment, comment),
    problem,
    button,
  );
  form.addEventListener("change", () => {
    button.disabled = false;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = form.querySelector<HTMLInputElement>("input:checked");
    if (!chosen) return;
    button.disabled = true;
    const done = await send(Number(chosen.value), comment.value.trim());
    button.disabled = done;
    problem.textContent = done ? "" : texts.rateFailed;
  });
  return form;
}
