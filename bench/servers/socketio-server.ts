/**
 * The peer as people write it: Socket.IO in one process, WebSockets alone and no compression (its documented fast options), answers in Redis if there is one.
 * Arguments: the port of Redis, or 0. Prints {"ready":true,"port":…}.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

interface Answer {
  readonly answerId: string;
  readonly qid: string;
  readonly value: string;
}

interface Order {
  readonly event: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Also to each player: its own result. */
  readonly own?: string;
}

const redisPort = Number(process.argv[2] ?? 0);
// Auto-pipelining: the commands of one turn of the loop go out together.
const redis = redisPort > 0 ? new Redis(redisPort, '127.0.0.1', { enableAutoPipelining: true }) : null;
const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, httpCompression: false, serveClient: false });

interface Player {
  readonly playerId: string;
  score: number;
  rank: number;
  p: number;
}

const names = new Map<string, Player>();

io.on('connection', (socket) => {
  let player: Player | undefined;
  socket.on('join', ({ nickname }: { nickname: string }, ack: (reply: object) => void) => {
    player = { playerId: `player-${nickname}`, score: 0, rank: names.size + 1, p: 0 };
    names.set(socket.id, player);
    void socket.join('session');
    ack({ playerId: player.playerId });
  });
  socket.on('answer', async ({ answerId, qid, value }: Answer, ack: (reply: object) => void) => {
    if (player === undefined || redis === null || typeof answerId !== 'string' || typeof qid !== 'string' || typeof value !== 'string') return ack({ code: 102 });
    const receivedAt = Date.now();
    player.score += value === 'a' ? 500 + (receivedAt % 500) : 0;
    await Promise.all([
      redis.hset(`answers:${qid}`, player.playerId, JSON.stringify({ answerId, value, receivedAt })),
      redis.zadd('board', player.score, player.playerId),
    ]);
    ack({ answerId, receivedAt });
  });
  socket.on('order', ({ event, body, own }: Order) => {
    io.to('session').emit(event, body);
    if (own !== undefined) for (const [id, each] of names) io.sockets.sockets.get(id)?.emit(own, resultOf(each, body));
    if (own !== undefined) io.to('session').emit('leaderboard', { revision: body['s'], of: names.size, top: [...names.values()].slice(0, 10) });
  });
});

/** What a player is told of himself, with the same fields as ours. */
function resultOf(player: Player, { s, at }: Readonly<Record<string, unknown>>): object {
  player.p += 1;
  return {
    e: 'benchmark001', p: player.p, at,
    d: {
      qid: `q${String(s)}`, revision: s, outcome: 'correct', fraction: [1, 1], elapsedMs: 1234, creditMs: 0, points: { speed: 969, streak: 0, total: 969 },
      score: 969 + player.p, rank: player.rank, prevRank: player.rank, of: names.size, behind: { points: 12, nickname: 'somebody' },
    },
  };
}

http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: true, port: (http.address() as AddressInfo).port })}\n`);
});
