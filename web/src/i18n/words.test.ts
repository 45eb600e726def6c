import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import { AREAS } from "./areas";
import { en } from "./en";
import { ready, why } from "./index";
import { ko } from "./ko";

type Tree = { [name: string]: string | Tree };

function flat(tree: Tree, path = ""): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(tree).map(([name, found]) =>
      typeof found === "string" ? { [path + name]: found } : flat(found, `${path}${name}.`),
    ),
  );
}

const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("the texts", () => {
  const [korean, english] = [flat(ko), flat(en as unknown as Tree)];

  it("are there in both languages, with a form for one in English alone", () => {
    const more = Object.keys(english).filter((key) => !(key in korean));
    expect(more.filter((key) => !key.endsWith("_one"))).toEqual([]);
    expect(Object.keys(korean).filter((key) => !(key in english))).toEqual([]);
  });

  it.each(Object.keys(korean))("%s names the same things in both", (key) => {
    expect(slots(english[key] ?? "")).toEqual(slots(korean[key] ?? ""));
  });

  it("are Korean in Korean, and are not in English", () => {
    const hangul = /[가-힣]/;
    expect(
      Object.entries(english).filter(([key, text]) => hangul.test(text) && !key.startsWith("band.address")),
    ).toEqual([]);
    const named = Object.entries(korean).filter(([, text]) => !hangul.test(text.replace(/\{\{\w+\}\}/g, "")));
    expect(named.map(([key]) => key)).toEqual(["bar.load", "band.instead", "talk.said", "event.other"]);
  });
});

const areas = {
  ...import.meta.glob<Record<string, Tree>>("./ko/*.ts", { eager: true }),
  ...import.meta.glob<Record<string, Tree>>("./en/*.ts", { eager: true }),
};

describe.each(Object.keys(AREAS))("the texts of %s", (area) => {
  const [korean, english] = ["ko", "en"].map((language) =>
    flat(areas[`./${language}/${area}.ts`]?.[area] ?? {}),
  ) as [Record<string, string>, Record<string, string>];

  it("are there in both languages, and name the same things", () => {
    const plain = Object.keys(english).filter((key) => !key.endsWith("_one"));
    expect(plain.sort()).toEqual(Object.keys(korean).sort());
    for (const key of plain) expect([key, slots(english[key] ?? "")]).toEqual([key, slots(korean[key] ?? "")]);
    expect(plain).not.toEqual([]);
  });

  it("are Korean in Korean unless they are the same everywhere, and are not in English", () => {
    const hangul = /[가-힣]/;
    expect(Object.entries(english).filter(([, text]) => hangul.test(text))).toEqual([]);
    const named = Object.entries(korean).filter(([, text]) => !hangul.test(text.replace(/\{\{\w+\}\}/g, "")));
    expect(named.filter(([key, text]) => english[key] !== text)).toEqual([]);
  });
});

describe("Korean as it is read", () => {
  beforeAll(() => ready);

  it.each([
    ["단비옷장", "단비옷장으로 보내기"],
    ["멍밀", "멍밀로 보내기"],
    ["온유뷰티", "온유뷰티로 보내기"],
    ["ON YU", "ON YU(으)로 보내기"],
  ])("%s", (shop, wanted) => {
    expect(i18next.t("compose.send", { shop })).toBe(wanted);
  });

  it("chooses the particle behind a quotation mark too", () => {
    expect(i18next.t("band.persona", { name: "단비" })).toBe("“단비”로 답해요");
    expect(i18next.t("finding.forbidden_word", { what: "짝퉁" })).toBe("이 상점은 “짝퉁”이라고 하지 않아요");
    expect(i18next.t("finding.forbidden_word", { what: "싸구려" })).toBe("이 상점은 “싸구려”라고 하지 않아요");
  });
});

describe("why something did not work", () => {
  beforeAll(() => ready);

  it("is said in words for what is known, by its code for the rest", () => {
    expect(why(new Refused(409, "not_yours"))).toBe(ko.refusal.not_yours);
    expect(why(new Refused(409, "strange"))).toBe("하지 못했어요 (strange)");
    expect(why(new Refused(503, "strange"))).toBe(ko.refusal.unavailable);
    expect(why(new Unreachable())).toBe(ko.refusal.unreachable);
  });
});
