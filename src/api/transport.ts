/** The one door for clients: HTTP-shaped, so that the server in this process and `podsim serve` are the same server. */

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, escaped: `/api/v1/namespaces/default/pods?limit=500`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A parsed JSON value (in-process clients), or text or bytes as they came over the wire. */
  readonly body?: unknown;
  /** What is wrong with the YAML that the body was, though it can be read: keys that stand twice. */
  readonly repeated?: string;
  /** Ends a watch, `logs -f` or session from the client's side. */
  readonly signal?: AbortSignal;
  /** JSON is to be the text that goes over the wire, as it does there anyway; absent: values, where client and server are one process. */
  readonly asText?: boolean;
  /** Who asks, as the front door has established. Absent: the cluster's administrator. */
  readonly user?: UserInfo;
}

/** authentication.k8s.io UserInfo. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** What else its credential says: of a service account's token, which it is and what it is bound to. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * A JSON value, text, or (watch, followed logs) chunks as they come: JSON values for a watch, text for logs.
   * Absent when `session` is there.
   */
  readonly body?: unknown | string | AsyncIterable<unknown>;
  /** exec, attach and port-forward: what an upgraded connection is over HTTP. */
  readonly session?: Session;
}

/** Channels as in v5.channel.k8s.io: 0 stdin, 1 stdout, 2 stderr, 3 error (one Status at the end), 4 resize. */
export interface Session {
  /** Output until the session ends; the last frame of exec and attach is channel 3 with a JSON Status. */
  readonly frames: AsyncIterable<{ readonly channel: number; readonly data: Uint8Array }>;
  send(channel: number, data: Uint8Array): void;
  /** Half-closes a channel: stdin's end of file. */
  close(channel: number): void;
}

/** Never rejects for an API failure: that is a response with a Status body. Rejects when the server cannot be reached. */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;

/** Who makes the tokens of service accounts, and whom they are for unless another audience is asked for: the API server. */
export const TOKEN_ISSUER = 'https://kubernetes.default.svc.cluster.local';
