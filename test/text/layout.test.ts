import { describe, expect, test } from 'vitest';
import { indentedWriter } from '../../src/text/indented-writer.js';
import { alignTabs, DESCRIBE_TABS, TABLE_TABS, TabWriter } from '../../src/text/tabwriter.js';

describe('tab writer', () => {
  test('tables: at least 6 wide, 3 apart, last cell unpadded', () => {
    expect(alignTabs('NAME\tREADY\tAGE\nweb\t1/1\t5s\n', TABLE_TABS)).toBe('NAME   READY   AGE\nweb    1/1     5s\n');
    expect(alignTabs('A\tB\nx\ty\n', TABLE_TABS)).toBe('A     B\nx     y\n');
  });
  test('an empty last cell leaves the padding before it', () => {
    expect(alignTabs('NAME\tAPP\nweb\t\n', TABLE_TABS)).toBe('NAME   APP\nweb    \n');
  });
  test('widths count characters, not bytes or code units', () => {
    expect(alignTabs('日本\tx\n😀😀😀😀\ty\n', { ...DESCRIBE_TABS })).toBe('日本    x\n😀😀😀😀  y\n');
  });
  test('alignment is by column block', () => {
    const text = 'Name:\tweb\nLabels:\ta=b\n\tc=d\nContainers:\n  c:\n    Image:\tnginx\n    Container Port:\t80\nEvents:\t<none>\n';
    expect(alignTabs(text, DESCRIBE_TABS)).toBe(
      'Name:    web\nLabels:  a=b\n         c=d\nContainers:\n  c:\n    Image:           nginx\n    Container Port:  80\nEvents:              <none>\n',
    );
  });
  test('nested columns align within the block of their left neighbour', () => {
    expect(alignTabs('a\tb\tc\naa\tbb\naaa\tbbbb\tc\n', DESCRIBE_TABS)).toBe('a    b  c\naa   bb\naaa  bbbb  c\n');
  });
  test('a form feed flushes', () => {
    expect(alignTabs('aaaa\tb\fa\tb\n', DESCRIBE_TABS)).toBe('aaaa  b\na  b\n');
  });
  test('remembered widths only grow', () => {
    let out = '';
    const writer = new TabWriter((text) => {
      out += text;
    }, TABLE_TABS);
    for (const row of ['NAME\tSTATUS\n', 'web\tPending\n', 'a-long-name\tRunning\n', 'web\tRunning\n']) {
      writer.write(row);
      writer.flush();
    }
    expect(out).toBe('NAME   STATUS\nweb    Pending\na-long-name   Running\nweb           Running\n');
  });
  test('text without a newline is kept', () => {
    expect(alignTabs('a\tb', DESCRIBE_TABS)).toBe('a  b');
  });
  test('tabs as padding', () => {
    expect(alignTabs('a\tb\nabcdefgh\tb\n', { minWidth: 0, tabWidth: 8, padding: 1, padChar: '\t' })).toBe('a\t\tb\nabcdefgh\tb\n');
  });
});

test('indented writer', () => {
  const out = indentedWriter();
  out.line(0, 'Name:\tweb');
  out.line(0, 'Status:');
  out.line(1, 'Ready:\tTrue\u001b[31m\r');
  out.write(2, 'X:\ty\n');
  expect(out.text()).toBe('Name:  web\nStatus:\n  Ready:  True^[[31m\\r\n    X:    y\n');
});
