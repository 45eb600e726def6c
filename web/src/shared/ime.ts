/** What there is to know of a key while Hangul is being composed. */
export interface KeyLike {
  key: string;
  code: string;
  keyCode: number;
  isComposing: boolean;
}

/**
 * Whether a key belongs to the input method and not to us. Some methods end the composition before the key that ended
 * it arrives; it has the code 229 then.
 */
export function composing(event: Pick<KeyLike, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** What a field needs so that a key which both ends a composition and sends does each of them once. */
export class SendOnce {
  private wanted: (() => void) | null = null;
  private settling = false;

  /** Take a key that sends. Returns whether to send now; if not, `send` is called once the syllable is in the text. */
  key(event: Pick<KeyLike, "isComposing" | "keyCode">, send: () => void): boolean {
    if (this.settling) return false;
    if (!composing(event)) return true;
    this.wanted = send;
    // The composition may be over already, and then nobody tells that it ended.
    if (!event.isComposing) this.ended();
    return false;
  }

  /** The composition has ended; its last syllable reaches the text in the same task. */
  ended(): void {
    if (!this.wanted || this.settling) return;
    this.settling = true;
    setTimeout(() => {
      const send = this.wanted;
      this.wanted = null;
      this.settling = false;
      send?.();
    }, 0);
  }
}
