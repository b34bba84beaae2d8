/** exec and attach over WebSocket. */
import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { serveChannels } from '../../src/apiserver/http/channels.js';

afterEach(() => {
  vi.useRealTimers();
});

test('nothing is sent before client-go has made its streams', async () => {
  vi.useFakeTimers();
  const sent: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    send: (data: Buffer, _options: object, done: () => void) => {
      sent.push(`${data[0]} ${data.subarray(1).toString()}`);
      done();
    },
    close: () => {},
  });
  async function* frames() {
    yield { channel: 1, data: Buffer.from('hello') };
  }
  const session = { frames: frames(), send: () => {}, close: () => {} };
  const served = serveChannels(socket as unknown as WebSocket, session, 'v5.channel.k8s.io', (error) => {
    throw error;
  });
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(20);
  await served;
  expect(sent).toEqual(['1 hello']);
});
