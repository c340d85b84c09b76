// FLORA's official SDK, unchanged, against the studio that FLORA_BASE_URL and FLORA_API_KEY name.
// Prints `ok` as its last line, or fails with what was wrong.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';

import FLORA from '@flora-ai/flora';

// As the SDK advises for node before 20, which Debian 12 has.
globalThis.File ??= (await import('node:buffer')).File;

const client = new FLORA();
const folder = await mkdtemp(join(tmpdir(), 'florist-sdk-'));
try {
  await check(folder);
  console.log('ok');
} finally {
  await rm(folder, { recursive: true });
}

async function check(folder) {
  const { workspaces } = await client.workspaces.list();
  assert.equal(workspaces.length, 1);
  const { workspace_id } = workspaces[0];
  assert.match(workspace_id, /^ws_/);

  const projects = await all(client.projects.list({ workspace_id }));
  assert.ok(projects.length >= 1);

  const techniques = await all(client.techniques.list({ workspace_id, limit: 2 }));
  assert.ok(techniques.length > 2, 'more than a page of techniques');
  assert.equal(new Set(techniques.map((technique) => technique.technique_id)).size, techniques.length);
  const technique = techniques.find(isRunnable);
  assert.deepEqual(await client.techniques.retrieve(technique.technique_id), technique);

  const small = await upload(folder, workspace_id, 'small.png', png(96, 64));
  assert.equal(small.uploaded_via, 'direct');
  assert.deepEqual([small.width, small.height], [96, 64]);
  const large = await upload(folder, workspace_id, 'large.png', png(1400, 1200));
  assert.ok(large.size_bytes > 4 * 1024 * 1024, `${large.size_bytes} bytes`);
  assert.equal(large.uploaded_via, 'signed_url');
  const fetched = await client.assets.upload(large.url, { workspace_id, pollIntervalMs: 20 });
  assert.equal(fetched.size_bytes, large.size_bytes);
  const assets = await all(client.assets.list({ workspace_id, limit: 2 }));
  assert.ok(assets.some((asset) => asset.asset_id === large.asset_id));

  await start(technique, small.url);
  const run = await finished(technique, await start(technique, small.url));
  assert.equal(run.status, 'completed', JSON.stringify(run));
  assert.equal(run.progress, 100);
  assert.ok(run.outputs.length > 0);
  for (const output of run.outputs.filter((output) => output.type !== 'text')) {
    const response = await fetch(output.url);
    assert.equal(response.status, 200);
    assert.ok((await response.arrayBuffer()).byteLength > 0);
  }

  const quick = await client.runs.startTechnique({
    technique_id: technique.technique_id,
    workspace_id,
    inputs: Object.fromEntries(answers(technique, small.url).map(({ id, value }) => [id, value])),
  });
  assert.equal(quick.type, 'technique');
  assert.equal((await finished(technique, quick)).status, 'completed');

  const runs = await all(client.techniques.runs.list({ workspace_id, limit: 1 }));
  assert.ok(runs.length >= 3, `${runs.length} runs`);
  assert.ok(runs.some((item) => item.technique_run_id === run.run_id));

  await refusals(technique);
}

/** The SDK turns the studio's errors into its own classes. */
async function refusals(technique) {
  await assert.rejects(client.techniques.retrieve('tech_nowhere'), FLORA.NotFoundError);
  const empty = client.techniques.runs.create(technique.technique_id, { mode: 'async', inputs: [] });
  await assert.rejects(empty, (error) => {
    assert.ok(error instanceof FLORA.BadRequestError);
    assert.equal(error.error.error.code, 'input_validation_error');
    return true;
  });
  const stranger = new FLORA({ apiKey: 'sk_test_stranger' });
  await assert.rejects(stranger.workspaces.list(), FLORA.AuthenticationError);
}

/** Every item of a list, page after page. */
async function all(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}

/** Whether what it needs is text and pictures. */
function isRunnable(technique) {
  const needed = technique.inputs.filter((input) => !input.optional);
  return needed.length > 0 && needed.every((input) => ['text', 'imageUrl'].includes(input.type));
}

function answers(technique, picture) {
  return technique.inputs
    .filter((input) => !input.optional)
    .map(({ id, type }) => ({ id, type, value: type === 'text' ? 'A paper lantern' : picture }));
}

function start(technique, picture) {
  return client.techniques.runs.create(technique.technique_id, {
    mode: 'async',
    inputs: answers(technique, picture),
    idempotency_key: randomUUID(),
  });
}

async function finished(technique, { run_id }) {
  for (let polls = 0; polls < 600; polls += 1) {
    const run = await client.techniques.runs.retrieve(run_id, { techniqueId: technique.technique_id });
    if (run.status === 'completed' || run.status === 'failed') return run;
    await sleep(50);
  }
  throw new Error(`${run_id} did not end`);
}

async function upload(folder, workspace_id, name, bytes) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const asset = await client.assets.upload(path, { workspace_id, pollIntervalMs: 20 });
  assert.equal(asset.status, 'ready');
  assert.equal(asset.name, name);
  assert.equal(asset.content_type, 'image/png');
  const served = Buffer.from(await (await fetch(asset.url)).arrayBuffer());
  assert.ok(served.equals(bytes), `${name} is served as it was sent`);
  return asset;
}

/** A picture of noise, which no compression makes small. */
function png(width, height) {
  const rows = Array.from({ length: height }, () => Buffer.concat([Buffer.of(0), randomBytes(width * 3)]));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

// Of PNG's chunks. node:zlib has it only from version 20.15 on, and Debian 12 has 18.
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
