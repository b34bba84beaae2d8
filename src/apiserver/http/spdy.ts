/**
 * SPDY/3.1 framing, as much as exec, attach and port-forward of kubectl use (moby/spdystream): streams with headers, data,
 * half-close, ping. The transport is any ordered byte pipe: an upgraded socket, or binary WebSocket messages.
 */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

const NAMES =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status'.split(
    ' ',
  );
const MORE_NAMES = ['200 OK', 'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin'];
const REST =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

/** The preset dictionary of SPDY/3 header compression. */
const DICTIONARY: Buffer = Buffer.concat([...[...NAMES, ...MORE_NAMES].flatMap((name) => [uint32(name.length), Buffer.from(name)]), Buffer.from(REST)]);

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const FIN = 1;
const HEAD = 8;
/** kubectl's largest data frame is far below. */
const MAX_FRAME = 4 * 1024 * 1024;
const MAX_STREAMS = 1000;

export interface SpdyStream {
  readonly id: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The client has been told that it is open; what is written before that confuses it. */
  onOpen?: () => void;
  onData?: (data: Buffer) => void;
  /** The other side has finished. */
  onEnd?: () => void;
  write(data: Uint8Array): void;
  /** Nothing more from this side. */
  end(): void;
  reset(): void;
}

interface Stream extends SpdyStream {
  ended: boolean;
}

export interface SpdyOptions {
  readonly send: (bytes: Buffer) => void;
  /** A new stream; false refuses it. */
  readonly accept: (stream: SpdyStream) => boolean;
  readonly onClose: () => void;
}

export class SpdyConnection {
  private buffer: Buffer = Buffer.alloc(0);
  private readonly streams = new Map<number, Stream>();
  private readonly inflater: Inflate = createInflate({ dictionary: DICTIONARY });
  private readonly deflater: Deflate = createDeflate({ dictionary: DICTIONARY });
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: SpdyOptions) {
    this.inflater.on('error', () => this.close());
  }

  /** Bytes as they come, in any pieces. */
  receive(bytes: Uint8Array): void {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (;;) {
      if (this.buffer.length < HEAD) return;
      const size = this.buffer.readUIntBE(5, 3);
      if (size > MAX_FRAME) {
        this.close();
        return;
      }
      if (this.buffer.length < HEAD + size) return;
      const frame = this.buffer.subarray(0, HEAD + size);
      this.buffer = this.buffer.subarray(HEAD + size);
      // Header blocks are decompressed in their order, and data waits for the streams it belongs to.
      this.working = this.working.then(() => this.frame(frame)).catch(() => this.close());
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const stream of this.streams.values()) if (!stream.ended) stream.onEnd?.();
    this.streams.clear();
    this.options.onClose();
  }

  private async frame(frame: Buffer): Promise<void> {
    if (this.closed) return;
    const flags = frame[4] as number;
    const body = frame.subarray(HEAD);
    if (((frame[0] as number) & 0x80) === 0) {
      this.data(frame.readUInt32BE(0) & 0x7fffffff, body, (flags & FIN) !== 0);
      return;
    }
    switch (frame.readUInt16BE(2)) {
      case SYN_STREAM:
        await this.open(body, (flags & FIN) !== 0);
        break;
      case RST_STREAM:
        this.finish(body.readUInt32BE(0) & 0x7fffffff);
        break;
      case PING:
        this.control(PING, 0, body);
        break;
      case GOAWAY:
        this.close();
        break;
      default:
        // SETTINGS, HEADERS and WINDOW_UPDATE change nothing here.
        break;
    }
  }

  private data(id: number, body: Buffer, isLast: boolean): void {
    const stream = this.streams.get(id);
    if (stream === undefined || stream.ended) return;
    if (body.length > 0) stream.onData?.(body);
    if (!isLast) return;
    stream.ended = true;
    stream.onEnd?.();
  }

  private finish(id: number): void {
    const stream = this.streams.get(id);
    this.streams.delete(id);
    if (stream !== undefined && !stream.ended) {
      stream.ended = true;
      stream.onEnd?.();
    }
  }

  private async open(body: Buffer, isLast: boolean): Promise<void> {
    const id = body.readUInt32BE(0) & 0x7fffffff;
    const headers = parseHeaders(await inflate(this.inflater, body.subarray(10)));
    if (this.streams.size >= MAX_STREAMS) {
      this.close();
      return;
    }
    const stream: Stream = {
      id,
      headers,
      ended: false,
      write: (data) => {
        if (!this.closed && this.streams.has(id)) for (let at = 0; at < data.length; at += 0xffff) this.send(dataFrame(id, 0, data.subarray(at, at + 0xffff)));
      },
      end: () => {
        if (!this.closed && this.streams.has(id)) this.send(dataFrame(id, FIN, new Uint8Array()));
      },
      reset: () => {
        if (!this.closed && this.streams.delete(id)) this.control(RST_STREAM, 0, Buffer.concat([uint32(id), uint32(5)]));
      },
    };
    this.streams.set(id, stream);
    if (!this.options.accept(stream)) {
      stream.reset();
      return;
    }
    // The reply's header block is empty, but compressed like any other.
    this.control(SYN_REPLY, 0, Buffer.concat([uint32(id), await deflate(this.deflater, uint32(0))]));
    stream.onOpen?.();
    if (isLast) this.data(id, Buffer.alloc(0), true);
  }

  private control(type: number, flags: number, body: Uint8Array): void {
    const head = Buffer.alloc(HEAD);
    head.writeUInt16BE(0x8003, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4);
    this.send(Buffer.concat([head, body]));
  }

  private send(frame: Buffer): void {
    if (!this.closed) this.options.send(frame);
  }
}

function dataFrame(id: number, flags: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(id, 0);
  head.writeUInt32BE(((flags << 24) | data.length) >>> 0, 4);
  return Buffer.concat([head, data]);
}

function uint32(n: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n >>> 0, 0);
  return bytes;
}

/** One block through a stream that lives as long as the connection. */
function through(stream: Inflate | Deflate, block: Uint8Array, flush: (done: () => void) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const collect = (part: Buffer) => void parts.push(part);
    const done = () => {
      stream.off('data', collect);
      stream.off('error', fail);
    };
    const fail = (error: Error) => {
      done();
      reject(error);
    };
    stream.on('data', collect);
    stream.once('error', fail);
    stream.write(block, () =>
      flush(() => {
        done();
        resolve(Buffer.concat(parts));
      }),
    );
  });
}

const inflate = (stream: Inflate, block: Uint8Array): Promise<Buffer> => through(stream, block, (done) => stream.flush(constants.Z_SYNC_FLUSH, done));
const deflate = (stream: Deflate, block: Uint8Array): Promise<Buffer> => through(stream, block, (done) => stream.flush(constants.Z_SYNC_FLUSH, done));

function parseHeaders(block: Buffer): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  let at = 4;
  const take = () => {
    const size = block.readUInt32BE(at);
    const text = block.toString('utf8', at + 4, at + 4 + size);
    at += 4 + size;
    return text;
  };
  for (let n = block.readUInt32BE(0); n > 0; n--) {
    const name = take().toLowerCase();
    headers[name] = take();
  }
  return headers;
}
