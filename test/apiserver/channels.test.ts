import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Session } from '../../src/api/transport.js';
import { serveForwards } from '../../src/apiserver/http/channels.js';

/** A session that only notes what it is sent, and is there when `open` is called. */
function lateSession() {
  const heard: unknown[] = [];
  const session: Session = {
    frames: (async function* () {})(),
    send: (channel, data) => void heard.push([channel, Buffer.from(data).toString()]),
    close: (channel) => void heard.push(['close', channel]),
  };
  let open = (_: Session): void => undefined;
  const opening = new Promise<Session>((resolve) => {
    open = resolve;
  });
  return { heard, opening, open: () => open(session) };
}

test('what a client sends before the port is open reaches it, over WebSocket', async () => {
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    send: (_data: unknown, _options: unknown, done: () => void) => done(),
    close: () => undefined,
  });
  const { heard, opening, open } = lateSession();
  const served = serveForwards(socket as unknown as WebSocket, [80], () => opening);
  socket.emit('message', Buffer.from('\0GET /'));
  open();
  await served;
  expect(heard).toEqual([[0, 'GET /']]);
});
