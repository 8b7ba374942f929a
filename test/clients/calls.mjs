// What every script here shares: the sandbox's address and credentials (given
// by clients_test.go in the environment), and the list of calls that it runs.
import assert from 'node:assert/strict'

const given = JSON.parse(process.env.KENTONGAN_SANDBOX ?? '{"credentials":[]}')

/** Scheme, host and port of the sandbox. */
export const base = given.base

/** Address of one platform alone, for clients that know no path in front of the platform's own. */
export function root(platform) {
  assert.ok(given.roots[platform], `the sandbox has no ${platform}`)
  return given.roots[platform]
}

/** Our first account on a platform: {base_url, account_id, handle, token, app, …}. */
export function credential(platform, mode = '') {
  const found = given.credentials.find((c) => c.platform === platform && c.mode === mode)
  assert.ok(found, `the sandbox has no account on ${platform}`)
  return found
}

/** Our accounts on a platform. */
export const credentials = (platform) => given.credentials.filter((c) => c.platform === platform)

/** One call of the sandbox's control page: control('say', {platform, text, …}). */
export async function control(path, body) {
  const answer = await fetch(`${base}/sandbox/${path}`, body
    ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    : {})
  const text = await answer.text()
  assert.ok(answer.ok, `sandbox/${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

/** Waits until ask() gives something; for what a platform does after answering. */
export async function until(what, ask) {
  for (let left = 100; left > 0; left--) {
    const got = await ask()
    if (got) return got
    await new Promise((on) => setTimeout(on, 50))
  }
  assert.fail(`never: ${what}`)
}

/** A small true PNG. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4ISeHFTEMLQkAkL9BAbKfPiIAAAAASUVORK5CYII=', 'base64')

/**
 * Runs the calls one after another; each prints "ok NAME". With --list it only
 * prints their names. The first that fails ends the script.
 */
export async function run(calls) {
  if (process.argv.includes('--list')) {
    for (const name of Object.keys(calls)) console.log(name)
    return
  }
  for (const [name, call] of Object.entries(calls)) {
    try {
      await call()
    } catch (e) {
      console.error(`${name}: ${e?.stack ?? e}`)
      for (const more of ['status', 'statusCode', 'data', 'body', 'cause', 'details']) {
        if (e?.[more] !== undefined) console.error(`${more}: ${JSON.stringify(e[more], null, 1) ?? e[more]}`)
      }
      process.exit(1)
    }
    console.log(`ok ${name}`)
  }
}
