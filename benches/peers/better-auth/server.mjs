// better-auth on SQLite behind Node's own HTTP server, a process per core: node server.mjs PORT FILE
// Log, telemetry and limits are off; everything else is as by default.

import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import http from "node:http";
import { availableParallelism } from "node:os";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";

const [port, file] = process.argv.slice(2);

function open(secret) {
  const database = new Database(file);
  database.pragma("journal_mode = WAL");
  return betterAuth({
    baseURL: `http://127.0.0.1:${port}`,
    secret,
    database,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
}

if (cluster.isPrimary) {
  const BETTER_AUTH_SECRET = randomBytes(32).toString("hex");
  const { runMigrations } = await getMigrations(open(BETTER_AUTH_SECRET).options);
  await runMigrations();
  for (let core = 0; core < availableParallelism(); core += 1) {
    cluster.fork({ BETTER_AUTH_SECRET });
  }
  process.on("SIGTERM", () => cluster.disconnect(() => process.exit(0)));
} else {
  http.createServer(toNodeHandler(open(process.env.BETTER_AUTH_SECRET))).listen(Number(port), "127.0.0.1");
}
