/** Fitting text to terminals. */
import { describe, expect, test } from 'vitest';
import { columnsOf, firstShown, harmless, layoutOf, rowText, wrapped } from '../../../src/podsim/ui/layout.js';
import { painter } from '../../../src/podsim/ui/painter.js';

test.each([
  { columns: 80, lines: 24, pods: 100, isZoomed: false },
  { columns: 80, lines: 24, pods: 1, isZoomed: false },
  { columns: 80, lines: 24, pods: 0, isZoomed: true },
  { columns: 60, lines: 15, pods: 100, isZoomed: false },
  { columns: 40, lines: 10, pods: 100, isZoomed: false },
  { columns: 200, lines: 70, pods: 7, isZoomed: false },
])('the parts fill $columns x $lines with $pods pods', ({ columns, lines, pods, isZoomed }) => {
  const { list, page, keys } = layoutOf(columns, lines, pods, isZoomed);
  // header, head of the list, tabs
  expect(1 + (list === 0 ? 0 : 1 + list) + 1 + page + keys).toBe(lines);
  expect(page).toBeGreaterThanOrEqual(2);
  if (!isZoomed) expect(list).toBeGreaterThanOrEqual(3);
});

test.each([
  { at: 0, height: 5, count: 20, first: 0 },
  { at: 10, height: 5, count: 20, first: 8 },
  { at: 19, height: 5, count: 20, first: 15 },
  { at: 2, height: 5, count: 3, first: 0 },
  { at: -1, height: 5, count: 0, first: 0 },
])('line $at of $count is to be seen', ({ at, height, count, first }) => expect(firstShown(at, height, count)).toBe(first));

describe('columns', () => {
  const columns = ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE'];
  const cells = ['web-796cf5c97c-4k8dw-and-more', '1/1', 'CrashLoopBackOff', '2 (16s ago)', '40s', '10.244.1.5', 'podsim-worker'];
  test.each([
    { width: 200, text: 'web-796cf5c97c-4k8dw-and-more   1/1     CrashLoopBackOff   2 (16s ago)   40s   10.244.1.5   podsim-worker' },
    { width: 85, text: 'web-796cf5c97c-4k8dw-and-more   1/1     CrashLoopBackOff   2 (16s ago)   40s' },
    { width: 70, text: 'web-796cf5c97c-4k8dw-and-m…  1/1    CrashLoopBackOff  2 (16s ago)  40s' },
    { width: 58, text: 'web-796cf5c97c-4k8d…  1/1    CrashLoopBackOff  2 (16s ago)' },
    { width: 38, text: 'web-796cf5c97c-4k8d…  1/1  ' },
  ])('$width', ({ width, text }) => {
    const shape = columnsOf(columns, [cells], width);
    expect(rowText(cells, shape)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(width);
  });
});

describe('wrapping', () => {
  test.each([
    { name: 'short', text: 'a b\nc\n', width: 10, lines: ['a b', 'c'] },
    { name: 'words', text: 'one two three', width: 8, lines: ['one two', 'three'] },
    { name: 'under the last column', text: 'Name:  one two three', width: 14, lines: ['Name:  one two', '       three'] },
    { name: 'no blank to break at', text: 'abcdefghij', width: 4, lines: ['abcd', 'efgh', 'ij'] },
    { name: 'Hangul takes two columns', text: '이미지를 가져오지 못했습니다', width: 12, lines: ['이미지를', '가져오지', '못했습니다'] },
    { name: 'no blank in Hangul either', text: '가나다라마바', width: 5, lines: ['가나', '다라', '마바'] },
    { name: 'a column too far right', text: 'a        b c d e', width: 10, lines: ['a        b', 'c d e'] },
  ])('$name', ({ text, width, lines }) => expect(wrapped(text, width)).toEqual(lines));

  test('every word survives, at every width', () => {
    const line = 'Warning  Failed   3s (x2 over 5s)  kubelet  Failed to pull image "registry.example/some/where:1.2.3": not found';
    for (let width = 10; width < 130; width++) {
      const lines = wrapped(line, width);
      expect(lines.join('').replace(/\s/g, '')).toBe(line.replace(/\s/g, ''));
      expect(Math.max(...lines.map((one) => one.length))).toBeLessThanOrEqual(width);
    }
  });

  test.each([
    ['\u001b[31mred\u001b[0m', '^[[31mred^[[0m'],
    ['a\tb', 'a       b'],
    ['a\rb\u0007', 'a?b?'],
    ['한글', '한글'],
  ])('%j is harmless', (text, plain) => expect(harmless(text)).toBe(plain));
});

test('the painter writes what has changed, and clears up', () => {
  const written: string[] = [];
  const { paint, forget } = painter((text) => written.push(text));
  paint('one\ntwo\nthree');
  paint('one\n2\nthree');
  paint('one\n2');
  paint('one\n2');
  forget();
  paint('one');
  const at = (line: number, text: string) => `\u001b[${line};1H\u001b[K${text}\u001b[0m`;
  expect(written).toEqual([`\u001b[2J${at(1, 'one')}${at(2, 'two')}${at(3, 'three')}`, at(2, '2'), at(3, ''), `\u001b[2J${at(1, 'one')}`]);
});
