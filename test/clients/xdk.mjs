// X's own SDK, unmodified, against the sandbox's face: first its recorded
// calls, in their order, then what else our connector relies on. It asks in the
// names of OpenAPI 2.167 (post.fields).
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { Client, OAuth1 } from '@xdevplatform/xdk'
import { control, credential, png, root, run } from './calls.mjs'

let x, me, post, upload, picture, question, reply, asked

const say = (more) => control('say', { platform: 'x', author: 'bu_sri', ...more })
const base64 = png.toString('base64')

await run({
  async me() {
    const c = credential('x')
    x = new Client({ baseUrl: root('x'), accessToken: c.token.access })
    me = (await x.users.getMe()).data
    assert.equal(me.id, c.account_id)
    assert.equal(me.username, c.handle)
  },
  async 'post text'() {
    post = (await x.posts.create({ text: 'Halo warga' })).data
    assert.equal(post.text, 'Halo warga')
  },
  async 'upload init'() {
    upload = (await x.media.initializeUpload({ mediaCategory: 'tweet_image', mediaType: 'image/png', totalBytes: png.length })).data
    assert.ok(upload.id && upload.mediaKey)
  },
  async 'upload append'() {
    const { data } = await x.media.appendUpload(upload.id, { media: base64, segmentIndex: 0 })
    assert.ok(data.expiresAt)
  },
  async 'upload finalize'() {
    assert.equal((await x.media.finalizeUpload(upload.id)).data.id, upload.id)
  },
  async 'upload one-shot'() {
    picture = (await x.media.upload({ media: base64, mediaCategory: 'tweet_image', mediaType: 'image/png' })).data
    assert.ok(picture.id)
  },
  async 'alt text'() {
    const { data } = await x.media.createMetadata({ id: upload.id, metadata: { altText: { text: 'alt' } } })
    assert.equal(data.id, upload.id)
  },
  async 'post with image'() {
    const made = (await x.posts.create({ text: 'Halo gambar', media: { mediaIds: [upload.id] } })).data
    const seen = await x.posts.getByIds([made.id], { postFields: ['attachments'], expansions: ['attachments.media_keys'], mediaFields: ['alt_text'] })
    assert.equal(seen.includes.media[0].altText, 'alt')
  },
  async reply() {
    question = (await say({ text: 'Kapan dibuka?', in_reply_to: post.id })).id
    reply = (await x.posts.create({ text: 'Terima kasih', reply: { inReplyToTweetId: question } })).data
    assert.ok(reply.id)
  },
  async mentions() {
    const heard = await x.users.getMentions(me.id, { maxResults: 100, sinceId: '1460323737035677000', expansions: ['author_id'] })
    assert.equal(heard.data[0].id, question)
    assert.equal(heard.includes.users[0].username, 'bu_sri')
  },
  async 'replies via recent search'() {
    const found = await x.posts.searchRecent(`conversation_id:${post.id}`, { maxResults: 100 })
    assert.deepEqual(found.data.map((p) => p.id).sort(), [post.id, question, reply.id].sort())
  },
  async 'hide reply'() {
    assert.equal((await x.posts.hideReply(question, { hidden: true })).data.hidden, true)
  },
  async delete() {
    assert.equal((await x.posts.delete(reply.id)).data.deleted, true)
  },
  async metrics() {
    assert.equal((await x.posts.getByIds([post.id])).data[0].id, post.id)
  },
  async 'metrics (postFields)'() {
    await control('like', { platform: 'x', id: post.id, likes: 3, shares: 2 })
    const { data } = await x.posts.getByIds([post.id], { postFields: ['public_metrics', 'non_public_metrics'] })
    assert.deepEqual([data[0].publicMetrics.likeCount, data[0].publicMetrics.repostCount, data[0].publicMetrics.replyCount], [3, 2, 1])
  },
  async 'read DMs'() {
    asked = (await say({ kind: 'direct', text: 'Nomor antrean hilang' })).id
    const { data } = await x.directMessages.getEvents()
    assert.equal(data[0].id, asked)
  },
  async 'oauth1 post text'() {
    const c = credential('x', 'v1.1')
    const oauth1 = new OAuth1({ apiKey: c.app.client_id, apiSecret: c.app.client_secret, accessToken: c.token.access, accessTokenSecret: c.token.secret })
    const made = await new Client({ baseUrl: root('x'), oauth1 }).posts.create({ text: 'Halo OAuth1' })
    assert.equal(made.data.text, 'Halo OAuth1')
  },
  async 'DM with its sender'() {
    const heard = await x.directMessages.getEvents({ expansions: ['sender_id'], dmEventFields: ['created_at', 'dm_conversation_id'], userFields: ['username'] })
    assert.equal(heard.includes.users[0].username, 'bu_sri')
    asked = heard.data[0].senderId
  },
  async 'answer a DM'() {
    const { data } = await x.directMessages.createByParticipantId(asked, { text: 'Silakan ambil ulang' })
    assert.ok(data.dmEventId && data.dmConversationId)
  },
  async 'a video is worked on'() {
    const film = Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.from('ftypisom'), Buffer.alloc(60)])
    const { data } = await x.media.initializeUpload({ mediaCategory: 'tweet_video', mediaType: 'video/mp4', totalBytes: film.length })
    await x.media.appendUpload(data.id, { media: film.toString('base64'), segmentIndex: 0 })
    let state = (await x.media.finalizeUpload(data.id)).data.processingInfo
    assert.equal(state.state, 'in_progress')
    for (let n = 0; n < 5 && state.state !== 'succeeded'; n++) state = (await x.media.getUploadStatus(data.id, { command: 'STATUS' })).data.processingInfo
    assert.equal(state.state, 'succeeded')
  },
  async 'who somebody is'() {
    const { data } = await x.users.getByUsername('bu_sri', { userFields: ['created_at'] })
    assert.equal((await x.users.getById(data.id)).data.username, 'bu_sri')
  },
  async 'own posts page by page'() {
    for (let n = 0; n < 7; n++) await x.posts.create({ text: `Siaran ${n}` })
    const first = await x.users.getPosts(me.id, { maxResults: 5 })
    const second = await x.users.getPosts(me.id, { maxResults: 5, paginationToken: first.meta.nextToken })
    assert.equal(new Set([...first.data, ...second.data].map((p) => p.id)).size, 10)
  },
  async 'webhook and subscription'() {
    const c = credential('x')
    const bearer = await (await fetch(`${root('x')}/oauth2/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { Authorization: 'Basic ' + Buffer.from(`${c.app.client_id}:${c.app.client_secret}`).toString('base64') },
    })).json()
    const app = new Client({ baseUrl: root('x'), bearerToken: bearer.access_token })
    const server = createServer((req, res) => {
      const token = new URL(req.url, 'http://x').searchParams.get('crc_token')
      res.end(JSON.stringify({ response_token: 'sha256=' + createHmac('sha256', c.app.client_secret).update(token).digest('base64') }))
    })
    await new Promise((on) => server.listen(0, '127.0.0.1', on))
    try {
      const hook = (await app.webhooks.create({ url: `http://127.0.0.1:${server.address().port}/x` })).data
      assert.equal(hook.valid, true)
      assert.equal((await app.webhooks.get()).data[0].id, hook.id)
      const made = await x.activity.createSubscription({ eventType: 'post.mention.create', filter: { userId: me.id }, webhookId: hook.id })
      assert.equal(made.data.subscription.eventType, 'post.mention.create')
      assert.equal((await app.activity.getSubscriptions()).data.length, 1)
      assert.equal((await app.activity.deleteSubscription(made.data.subscription.subscriptionId)).data.deleted, true)
      assert.equal((await app.webhooks.delete(hook.id)).data.deleted, true)
      assert.equal((await app.webhooks.get()).data.length, 0)
    } finally {
      server.close()
    }
  },
})
