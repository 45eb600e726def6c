import { expect, it } from "vitest";
import { found } from "./search";

it.each([
  ["배송 조회 안내", "배송", true],
  ["배송 조회 안내", "조회 배송", true],
  ["배송 조회 안내", "ㅂㅅ", true],
  ["배송 조회 안내", "ㅂㅅ ㅇㄴ", true],
  ["배송 조회 안내", "교환", false],
  ["배송 조회 안내", "ㄱㅎ", false],
  ["Refund", "refu", true],
  ["단비옷장", "단비옷장", true],
  ["무엇이든", "", true],
])("%s by %s: %s", (text, sought, wanted) => {
  expect(found(text, sought)).toBe(wanted);
  expect(found(text.normalize("NFD"), sought.normalize("NFD"))).toBe(wanted);
});
