/**
 * What a nickname may be: the nickname profile of RFC 8266 over the FreeformClass of RFC 8264, 1–20 characters as people count them;
 * and when two of them look alike: the skeleton of UTS 39.
 */
import unhomoglyph from 'unhomoglyph';

export const NICKNAME_GRAPHEMES_MAX = 20;
/** Of UTF-8: bounds the combining marks that one grapheme cluster can carry. */
export const NICKNAME_BYTES_MAX = 64;
/** Longer input is not worth normalising. UTF-16 units. */
const INPUT_UNITS_MAX = 1_000;
/** RFC 8266, section 2: rules that have not settled after three rounds never will. */
const ROUNDS_MAX = 3;

export type Nickname =
  | { readonly ok: true; readonly nickname: string; readonly skeleton: string }
  /** 216 NICKNAME_INVALID; `detail` says what is wrong, for the player. */
  | { readonly ok: false; readonly detail: string };

const rgiEmoji = new RegExp('\\p{RGI_Emoji}', 'gv');
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Not in the FreeformClass: controls, formats (bidi among them), unassigned, private and surrogate code points, line separators, whatever is ignorable by default
 * (joiners, variation selectors, tags, fillers), jamo that make no syllable. And three symbols that are blank by design: the empty Braille pattern, the null notehead, the object replacement.
 */
const refused = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\u2800\u{1d159}\ufffc]/u;

/** RFC 5892, appendix A.3–A.9: code points that stand only beside certain others. The first rule is ours: a mark needs something to stand on. */
const outOfContext: readonly RegExp[] = [
  /^\p{M}/u,
  /(?<!l)\u00b7|\u00b7(?!l)/u,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05f3\u05f4]/u,
  /^(?!.*[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]).*\u30fb/u,
  /[\u0660-\u0669].*[\u06f0-\u06f9]|[\u06f0-\u06f9].*[\u0660-\u0669]/u,
];

/** An emoji that NFKC turns into letters, as ℹ️ into i, leaves no variation selector behind. */
function withoutCompatibilityEmoji(text: string): string {
  return text.replace(rgiEmoji, (emoji) => (emoji.normalize('NFKC') === emoji ? emoji : emoji.replaceAll('\ufe0f', '')));
}

/** All spaces to U+0020, runs to one, none at the ends, NFKC; until nothing changes. Undefined where that never comes. */
function enforced(raw: string): string | undefined {
  let text = withoutCompatibilityEmoji(raw);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = text
      .replace(/\p{Zs}+/gu, ' ')
      .replace(/^ | $/g, '')
      .normalize('NFKC');
    if (next === text) return text;
    text = next;
  }
  return undefined;
}

function moreThan(text: string, max: number): boolean {
  let count = 0;
  for (const _ of graphemes.segment(text)) {
    count += 1;
    if (count > max) return true;
  }
  return false;
}

/**
 * Skeleton of the lower-case form (UTS 39, section 4: NFD, without ignorable code points, each replaced by its prototype, NFD). Equal skeletons look alike.
 * For comparison only; the table of confusable characters is that of the pinned `unhomoglyph`.
 */
export function nicknameSkeleton(nickname: string): string {
  const plain = nickname.toLowerCase().normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return unhomoglyph(plain).normalize('NFD');
}

/** The nickname in its stored form, with the skeleton that must be unique in its session. */
export function readNickname(raw: string): Nickname {
  if (raw.length > INPUT_UNITS_MAX) return { ok: false, detail: 'is too long' };
  const nickname = enforced(raw);
  if (nickname === undefined) return { ok: false, detail: 'cannot be normalised' };
  if (nickname === '') return { ok: false, detail: 'is blank' };
  if (Buffer.byteLength(nickname) > NICKNAME_BYTES_MAX || moreThan(nickname, NICKNAME_GRAPHEMES_MAX)) return { ok: false, detail: 'is too long' };
  // Joiners and the like mean something inside an emoji, and hide outside of it.
  const text = nickname.replace(rgiEmoji, ' ');
  if (refused.test(text)) return { ok: false, detail: 'contains invisible or control characters' };
  if (outOfContext.some((rule) => rule.test(text))) return { ok: false, detail: 'contains a character that does not belong beside its neighbours' };
  return { ok: true, nickname, skeleton: nicknameSkeleton(nickname) };
}
