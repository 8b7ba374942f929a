// masto.js, the Mastodon client for JavaScript, against the sandbox's face.
// The first calls are those of the recorded ones, in their order.
import assert from 'node:assert/strict'
import { createRestAPIClient } from 'masto'
import { control, credential, png, root, run } from './calls.mjs'

let masto, me, post, picture, reply, question

const say = (more) => control('say', { platform: 'mastodon', author: 'bu_sri', ...more })

await run({
  async verify() {
    const c = credential('mastodon')
    masto = createRestAPIClient({ url: root('mastodon'), accessToken: c.token.access })
    me = await masto.v1.accounts.verifyCredentials()
    assert.equal(me.id, c.account_id)
    assert.equal(me.source.language, 'id')
  },
  async 'post text'() {
    post = await masto.v1.statuses.create({ status: 'Halo warga', visibility: 'public', language: 'id' })
    assert.match(post.content, /Halo warga/)
    assert.equal(post.account.id, me.id)
  },
  async 'post text + Idempotency-Key'() {
    const send = () => masto.v1.statuses.create({ status: 'Sekali saja' }, { requestInit: { headers: { 'Idempotency-Key': 'kunci-1' } } })
    const [first, second] = [await send(), await send()]
    assert.equal(first.id, second.id)
  },
  async 'upload image'() {
    // masto.js asks GET /api/v1/media/:id again until the file has an address.
    picture = await masto.v2.media.create({ file: new Blob([png], { type: 'image/png' }), description: 'alt teks' })
    assert.ok(picture.url)
    assert.equal(picture.description, 'alt teks')
    assert.equal(picture.type, 'image')
  },
  async 'post with image'() {
    const made = await masto.v1.statuses.create({ status: 'Halo gambar', mediaIds: [picture.id] })
    assert.equal(made.mediaAttachments[0].id, picture.id)
  },
  async reply() {
    question = (await say({ text: 'Kapan dibuka?', in_reply_to: post.id })).id
    reply = await masto.v1.statuses.create({ status: '@bu_sri Terima kasih', inReplyToId: question })
    assert.equal(reply.inReplyToId, question)
    assert.equal(reply.mentions[0].acct, 'bu_sri')
  },
  async mentions() {
    const heard = await masto.v1.notifications.list({ types: ['mention'], sinceId: '5', limit: 40 })
    assert.equal(heard.length, 1)
    assert.equal(heard[0].status.id, question)
    assert.equal(heard[0].status.inReplyToId, post.id)
  },
  async 'context (replies)'() {
    const { ancestors, descendants } = await masto.v1.statuses.$select(post.id).context.fetch()
    assert.equal(ancestors.length, 0)
    assert.deepEqual(descendants.map((d) => d.id), [question, reply.id])
  },
  async 'hide reply (nearest: mute conversation)'() {
    assert.equal((await masto.v1.statuses.$select(question).mute()).muted, true)
    assert.equal((await masto.v1.statuses.$select(question).unmute()).muted, false)
  },
  async 'report account'() {
    const { account } = await masto.v1.statuses.$select(question).fetch()
    const report = await masto.v1.reports.create({ accountId: account.id, statusIds: [question], comment: 'spam', category: 'spam' })
    assert.equal(report.targetAccount.id, account.id)
    assert.equal(report.category, 'spam')
  },
  async metrics() {
    await control('like', { platform: 'mastodon', id: post.id, likes: 3, shares: 2 })
    const seen = await masto.v1.statuses.$select(post.id).fetch()
    assert.deepEqual([seen.favouritesCount, seen.reblogsCount, seen.repliesCount], [3, 2, 1])
  },
  async edit() {
    post = await masto.v1.statuses.$select(post.id).update({ status: 'Halo (ralat)' })
    assert.match(post.content, /ralat/)
    assert.ok(post.editedAt)
  },
  async delete() {
    await masto.v1.statuses.$select(reply.id).remove()
    await assert.rejects(masto.v1.statuses.$select(reply.id).fetch(), { statusCode: 404 })
  },
  async instance() {
    const v2 = await masto.v2.instance.fetch()
    assert.equal(v2.configuration.statuses.maxCharacters, 500)
    assert.equal((await masto.v1.instance.fetch()).configuration.statuses.maxMediaAttachments, 4)
  },
  async 'own statuses, page by page'() {
    const seen = []
    for await (const page of masto.v1.accounts.$select(me.id).statuses.list({ limit: 1 })) {
      seen.push(...page.map((s) => s.id))
    }
    assert.equal(new Set(seen).size, seen.length)
    assert.equal(seen.at(-1), post.id)
  },
  async lookup() {
    assert.equal((await masto.v1.accounts.lookup({ acct: me.acct })).id, me.id)
  },
  async 'a refusal is an error with its words'() {
    await assert.rejects(masto.v1.statuses.create({ status: 'a'.repeat(501) }), (e) => e.statusCode === 422 && /character limit/.test(e.message))
    const wrong = createRestAPIClient({ url: root('mastodon'), accessToken: 'salah' })
    await assert.rejects(wrong.v1.accounts.verifyCredentials(), { statusCode: 401 })
  },
})
