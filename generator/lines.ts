/**
 * A printer that knows how wide a line may be. Text is described once, with the places where a line may end; a `group`
 * is printed on one line if it fits and else with all its lines ended. These are the rules by which formatters lay out
 * code (Wadler, "A prettier printer"), so that no formatter has to run at generation time.
 */
export type Piece = string | readonly Piece[] | LineEnd | Indented | Group | Either;

interface LineEnd {
  readonly kind: "line";
  /** What stands there when the line does not end. */
  readonly flat: "" | " ";
  readonly forced: boolean;
}

interface Indented {
  readonly kind: "indent";
  readonly content: Piece;
}

interface Group {
  readonly kind: "group";
  readonly content: Piece;
  /** Its own lines end even if it would fit. */
  readonly broken: boolean;
  /** Something in it ends its line in any case; found once, as groups stand in groups. */
  readonly endsLines: boolean;
  /** Other layouts, tried in this order when `content` does not fit; the last is taken in any case. */
  readonly others: readonly Piece[];
}

/** One piece when the lines of the group around it end, another when they do not. */
interface Either {
  readonly kind: "either";
  readonly broken: Piece;
  readonly flat: Piece;
}

/** A space, or the end of the line. */
export const line: Piece = { kind: "line", flat: " ", forced: false };
/** Nothing, or the end of the line. */
export const softLine: Piece = { kind: "line", flat: "", forced: false };
/** The end of the line. */
export const hardLine: Piece = { kind: "line", flat: "", forced: true };

export function indent(content: Piece): Piece {
  return { kind: "indent", content };
}

export function either(broken: Piece, flat: Piece): Piece {
  return { kind: "either", broken, flat };
}

export function group(content: Piece): Piece {
  const broken = endsLines(content);
  return { kind: "group", content, broken, endsLines: broken, others: [] };
}

/** A group whose lines end even if it would fit. */
export function brokenGroup(content: Piece): Piece {
  return { kind: "group", content, broken: true, endsLines: true, others: [] };
}

/** The first layout that fits. */
export function firstThatFits(content: Piece, ...others: readonly Piece[]): Piece {
  return { kind: "group", content, broken: false, endsLines: endsLines(content), others };
}

export function join(separator: Piece, pieces: readonly Piece[]): Piece {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece]));
}

/** Whether something inside ends its line in any case. */
export function endsLines(piece: Piece): boolean {
  if (typeof piece === "string") return false;
  if (isList(piece)) return piece.some(endsLines);
  switch (piece.kind) {
    case "line":
      return piece.forced;
    case "indent":
      return endsLines(piece.content);
    case "group":
      return piece.endsLines;
    case "either":
      return endsLines(piece.broken);
  }
}

interface Frame {
  readonly indentation: number;
  readonly flat: boolean;
  readonly piece: Piece;
}

/** The text of a piece, with line feeds and two spaces of indentation. */
export function print(piece: Piece, width = 120): string {
  const frames: Frame[] = [{ indentation: 0, flat: false, piece }];
  const page: Page = { ended: [], line: "", column: 0 };
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) printFrame(frame, { frames, page, width });
  return [...page.ended, page.line].join("\n");
}

interface Page {
  readonly ended: string[];
  /** The line that is being printed. */
  line: string;
  column: number;
}

interface Printing {
  /** What is still to print, the next at the end. */
  readonly frames: Frame[];
  readonly page: Page;
  readonly width: number;
}

function printFrame(frame: Frame, printing: Printing): void {
  const { piece, flat, indentation } = frame;
  const { frames, page } = printing;
  if (typeof piece === "string") {
    page.line += piece;
    page.column += textWidth(piece);
  } else if (isList(piece)) {
    for (const inner of piece.toReversed()) frames.push({ indentation, flat, piece: inner });
  } else if (piece.kind === "indent") frames.push({ indentation: indentation + 2, flat, piece: piece.content });
  else if (piece.kind === "either") frames.push({ indentation, flat, piece: flat ? piece.flat : piece.broken });
  else if (piece.kind === "group") frames.push(layoutOf(piece, frame, printing));
  else if (flat && !piece.forced) frames.push({ indentation, flat, piece: piece.flat });
  else endLine(page, indentation);
}

function endLine(page: Page, indentation: number): void {
  page.ended.push(page.line.trimEnd());
  page.line = " ".repeat(indentation);
  page.column = indentation;
}

function layoutOf(piece: Group, frame: Frame, printing: Printing): Frame {
  if (frame.flat) return { ...frame, flat: !piece.broken, piece: piece.content };
  const flat: Frame = { ...frame, flat: true, piece: piece.content };
  if (!piece.broken && fits(flat, printing)) return flat;
  const layouts = piece.others.map((other) => ({ ...frame, flat: true, piece: other }));
  const fitting = layouts.find((layout) => fits(layout, printing));
  return fitting ?? { ...frame, flat: false, piece: piece.others.at(-1) ?? piece.content };
}

/** Whether what comes next, up to the first end of a line, has room on this line. */
function fits(next: Frame, { frames, page, width }: Printing): boolean {
  let room = roomAfter(next.piece, next.flat, width - page.column);
  for (let waiting = frames.length - 1; room >= 0 && room < Infinity && waiting >= 0; waiting -= 1) {
    const frame = frames[waiting];
    if (frame !== undefined) room = roomAfter(frame.piece, frame.flat, room);
  }
  return room >= 0;
}

/** What is left of the room after the piece: below 0 when it does not fit, Infinity when it ends the line before. */
function roomAfter(piece: Piece, flat: boolean, room: number): number {
  if (typeof piece === "string") return room - textWidth(piece);
  if (isList(piece)) {
    let left = room;
    for (const inner of piece) {
      left = roomAfter(inner, flat, left);
      if (left < 0 || left === Infinity) break;
    }
    return left;
  }
  switch (piece.kind) {
    case "indent":
      return roomAfter(piece.content, flat, room);
    case "either":
      return roomAfter(flat ? piece.flat : piece.broken, flat, room);
    case "group":
      return roomAfter(expandedOf(piece, flat), flat && !piece.broken, room);
    case "line":
      return !flat || piece.forced ? Infinity : room - piece.flat.length;
  }
}

function expandedOf(piece: Group, flat: boolean): Piece {
  return !flat || piece.broken ? (piece.others.at(-1) ?? piece.content) : piece.content;
}

// Array.isArray does not narrow a readonly array out of a union.
function isList(piece: Exclude<Piece, string>): piece is readonly Piece[] {
  return Array.isArray(piece);
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Printable and without a line break. A loop, since most texts are short: half the time of a regular expression. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/** Columns that the text takes: two for East Asian and emoji characters, none for combining marks. */
export function textWidth(text: string): number {
  if (isAscii(text)) return text.length;
  let width = 0;
  for (const character of text) width += /\p{M}|\p{Cf}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
