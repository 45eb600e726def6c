// Money and counts are reckoned once, by the server: no page adds, divides or rounds what it was told.
import ts from "typescript";
import { describe, expect, it } from "vitest";

const REAL = import.meta.glob<string>("./{landing,door,shop,floor,finance}/**/*.{ts,tsx}", {
  eager: true,
  query: "?raw",
  import: "default",
});
const FIGURE = /(^|_)(won|krw|contacts|percent)$/;
const OPERATORS = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
  ts.SyntaxKind.AsteriskAsteriskToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.MinusEqualsToken,
  ts.SyntaxKind.AsteriskEqualsToken,
  ts.SyntaxKind.SlashEqualsToken,
]);

/** What stands for a figure of the API's: `bill.total_won`, `usage.contacts`, `won`. */
function named(node: ts.Node): string {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
    return named(node.expression);
  if (ts.isBinaryExpression(node)) return named(node.left) || named(node.right);
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : "";
  return FIGURE.test(name) ? name : "";
}

/** Where a file reckons with figures, as `name:line`. */
function reckoned(text: string): string[] {
  const file = ts.createSourceFile("file.tsx", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const at = (node: ts.Node, name: string) =>
    found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
  function look(node: ts.Node): void {
    if (ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.kind)) {
      const name = named(node.left) || named(node.right);
      if (name) at(node, name);
    }
    if (ts.isCallExpression(node) && node.expression.getText().startsWith("Math.")) {
      const name = node.arguments.map(named).find(Boolean);
      if (name) at(node, name);
    }
    ts.forEachChild(node, look);
  }
  look(file);
  return found;
}

describe("the check itself", () => {
  it.each([
    ["const all = bill.base_won + bill.usage_won;", ["base_won:1"]],
    ["sum += line.won;", ["won:1"]],
    ["const share = (way.won / total) * 100;", ["won:1", "won:1"]],
    ["\nMath.round(figure.percent);", ["percent:2"]],
    ["const vat = rows.reduce((sum, row) => sum + row.total_krw, 0);", ["total_krw:1"]],
    ["const each = usage.contacts / days;", ["contacts:1"]],
    ["<Won of={bill.total_won} />;", []],
    ["const next = page + 1;", []],
    ["const over = bill.total_won > bill.cap_won;", []],
  ])("%s", (text, wanted) => {
    expect(reckoned(text)).toEqual(wanted);
  });
});

it("no page reckons", () => {
  expect(Object.keys(REAL).length).toBeGreaterThan(5);
  expect(
    Object.entries(REAL).flatMap(([path, text]) => reckoned(text).map((place) => `${path} ${place}`)),
  ).toEqual([]);
});
