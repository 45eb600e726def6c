const FIRSTS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];

/** The first consonants of a Korean text, other letters as they are: 단비 is ㄷㅂ. */
export function firsts(text: string): string {
  return [...text]
    .map((letter) => {
      const code = letter.charCodeAt(0) - 0xac00;
      return code >= 0 && code < 11_172 ? FIRSTS[Math.floor(code / 588)] : letter;
    })
    .join("");
}

/** Whether a text has every word that is sought, or its first consonants. */
export function found(text: string, sought: string): boolean {
  const plain = text.normalize("NFC").toLowerCase();
  const short = firsts(plain);
  return sought
    .normalize("NFC")
    .toLowerCase()
    .split(/\s+/)
    .every((word) => plain.includes(word) || (/^[ㄱ-ㅎ]+$/.test(word) && short.includes(word)));
}
