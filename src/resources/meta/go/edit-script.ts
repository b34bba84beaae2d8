/**
 * The edits that make one list of another, as github.com/google/go-cmp finds them: greedily from both ends along the diagonals of the
 * edit graph, in bounded time. Which of the ends comes first is chance there, by process; here it is the front.
 */

export type Edit = 'same' | 'removed' | 'inserted' | 'modified';

/** How much of two elements is the same. */
export interface Likeness {
  readonly same: number;
  readonly different: number;
}
/** Of elements that cannot be alike in part. */
export const bySameness = (isSame: boolean): Likeness => (isSame ? { same: 1, different: 0 } : { same: 0, different: 2 });

type Compare = (x: number, y: number) => Likeness;

interface Path {
  x: number;
  y: number;
  readonly edits: Edit[];
}

export function editScript(lengthX: number, lengthY: number, compare: Compare): readonly Edit[] {
  const front: Path = { x: 0, y: 0, edits: [] };
  const back: Path = { x: lengthX, y: lengthY, edits: [] };
  // Where the next search begins on either side.
  const from = { x: 0, y: 0 };
  const to = { x: lengthX, y: lengthY };
  let budget = 4 * (lengthX + lengthY);
  const isMet = () => from.x >= to.x || from.y >= to.y || budget === 0;
  const isSame = (x: number, y: number) => compare(x, y).different === 0;

  const searchForward = (): void => {
    let isOutRight = false;
    let isOutLeft = false;
    for (let i = 0; !(isOutRight && isOutLeft) && budget > 0; i++) {
      const z = zigzag(i);
      const x = from.x + z;
      const y = from.y - z;
      if (x >= back.x || y < front.y) isOutRight = true;
      else if (y >= back.y || x < front.x) isOutLeft = true;
      else if (isSame(x, y)) {
        connect(front, x, y, compare);
        step(front, 'same', 1);
        while (front.x < back.x && front.y < back.y && isSame(front.x, front.y)) step(front, 'same', 1);
        from.x = front.x;
        from.y = front.y;
        break;
      } else budget--;
    }
    if (back.x - from.x >= back.y - from.y) from.x++;
    else from.y++;
  };
  const searchBackward = (): void => {
    let isOutLeft = false;
    let isOutRight = false;
    for (let i = 0; !(isOutLeft && isOutRight) && budget > 0; i++) {
      const z = zigzag(i);
      const x = to.x - z;
      const y = to.y + z;
      if (front.x >= x || back.y < y) isOutLeft = true;
      else if (front.y >= y || back.x < x) isOutRight = true;
      else if (isSame(x - 1, y - 1)) {
        connectBack(back, x, y, compare);
        step(back, 'same', -1);
        while (front.x < back.x && front.y < back.y && isSame(back.x - 1, back.y - 1)) step(back, 'same', -1);
        to.x = back.x;
        to.y = back.y;
        break;
      } else budget--;
    }
    if (to.x - front.x >= to.y - front.y) to.x--;
    else to.y--;
  };
  for (let isForward = true; !isMet(); isForward = !isForward) {
    if (isForward) searchForward();
    else searchBackward();
  }
  connect(front, back.x, back.y, compare);
  return [...front.edits, ...back.edits.reverse()];
}

/** 0 -1 1 -2 2 … */
const zigzag = (i: number): number => (i & 1 ? ~i : i) >> 1;

function step(path: Path, edit: Edit, by: 1 | -1): void {
  path.edits.push(edit);
  if (edit !== 'inserted') path.x += by;
  if (edit !== 'removed') path.y += by;
}

/** Modified where enough is the same. */
function editOf({ same, different }: Likeness): Edit | undefined {
  if (different === 0) return 'same';
  return same + 1 >= different ? 'modified' : undefined;
}

function connect(path: Path, x: number, y: number, compare: Compare): void {
  while (path.x < x && path.y < y) step(path, editOf(compare(path.x, path.y)) ?? (x - path.x >= y - path.y ? 'removed' : 'inserted'), 1);
  while (path.x < x) step(path, 'removed', 1);
  while (path.y < y) step(path, 'inserted', 1);
}

function connectBack(path: Path, x: number, y: number, compare: Compare): void {
  while (path.x > x && path.y > y) step(path, editOf(compare(path.x - 1, path.y - 1)) ?? (path.y - y >= path.x - x ? 'inserted' : 'removed'), -1);
  while (path.x > x) step(path, 'removed', -1);
  while (path.y > y) step(path, 'inserted', -1);
}
