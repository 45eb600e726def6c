import { describe, expect, it } from "vitest";
import { decided, isOpen, nextSlot, openSlots, particle, preview, put } from "./slots";

describe("particles", () => {
  it.each([
    ["김민수", "은/는", "는"],
    ["김민준", "은/는", "은"],
    ["김민준", "이/가", "이"],
    ["운동화", "을/를", "를"],
    ["신발", "을/를", "을"],
    ["신발", "으로/로", "로"],
    ["택배", "으로/로", "로"],
    ["우편", "으로/로", "으로"],
    ["옷", "과/와", "과"],
    ["1", "으로/로", "로"],
    ["3", "으로/로", "으로"],
    ["2", "은/는", "는"],
    ["6", "은/는", "은"],
    ["Kim", "을/를", "을(를)"],
    ["Kim", "으로/로", "(으)로"],
  ])("%s with %s takes %s", (word, pair, wanted) => {
    expect(particle(word, pair)).toBe(wanted);
  });
});

it("names what an agent must fill", () => {
  const text = "{{?운송장 번호}} · {{?도착일:date}} · {{환불|교환}} · {{customer.order_number}}";
  expect(openSlots(text).map(({ label, kind, choices }) => ({ label, kind, choices }))).toEqual([
    { label: "운송장 번호", kind: "text", choices: [] },
    { label: "도착일", kind: "date", choices: [] },
    { label: "환불 / 교환", kind: "choice", choices: ["환불", "교환"] },
    { label: "주문 번호", kind: "text", choices: [] },
  ]);
  expect(preview(text)).toBe("[운송장 번호] · [도착일] · [환불 / 교환] · [주문 번호]");
  expect([isOpen(text), isOpen("다 채웠어요")]).toEqual([true, false]);
});

describe("going through the slots", () => {
  const text = "{{?번호}}와 {{환불|교환}}(으로/로)";

  it("goes from one to the next, and round", () => {
    const [first, second] = openSlots(text);
    expect(nextSlot(text, 0)).toEqual(first);
    expect(nextSlot(text, 3)).toEqual(second);
    expect(nextSlot(text, text.length)).toEqual(first);
    expect(nextSlot("다 채웠어요", 0)).toBeUndefined();
  });

  it("puts a value with its particle and tells where it ends", () => {
    const [first, second] = openSlots(text);
    if (!first || !second) throw new Error("two slots");
    expect(put(text, second, "교환")).toEqual({ text: "{{?번호}}와 교환으로", end: 13 });
    expect(put(text, first, "1234").text).toBe("1234와 {{환불|교환}}(으로/로)");
  });
});

describe("what was typed over a slot", () => {
  it.each([
    ["송장은 1236(이/가) 맞아요", "송장은 1236이 맞아요"],
    ["내일 (으로/로) 잡고 옷(과/와) 함께", "내일로 잡고 옷과 함께"],
    ["Kim(을/를) 찾아요", "Kim을(를) 찾아요"],
    ["{{?상품명}}(은/는) 내일 와요", "{{?상품명}}(은/는) 내일 와요"],
    ["(이/가) 뭐예요?", "(이/가) 뭐예요?"],
  ])("decides the particles of %s", (text, wanted) => {
    expect(decided(text)).toBe(wanted);
    expect(decided(wanted)).toBe(wanted);
  });

  it("leaves the particle that follows it", () => {
    const text = "운송장은 {{?번호}}(이/가) 맞아요";
    expect(openSlots(text).map(({ from, end, to }) => [text.slice(from, end), text.slice(end, to)])).toEqual([
      ["{{?번호}}", "(이/가)"],
    ]);
  });
});
