/** cli-table3 without its lines: columns as kubectl's users know them. */
const PARTS = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
];

export const PLAIN_TABLE = {
  chars: Object.fromEntries(PARTS.map((name) => [name, ''])),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 3 },
};
