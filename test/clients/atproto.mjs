// @atproto/api, Bluesky's own client, against the sandbox's face. It checks
// every answer against the protocol's lexicons and refuses what does not fit.
// The first calls are those of the recorded ones, in their order.
import assert from 'node:assert/strict'
import { AtpAgent, RichText } from '@atproto/api'
import { control, credential, png, root, run } from './calls.mjs'

const post = 'app.bsky.feed.post'
const gate = 'app.bsky.feed.threadgate'
const key = '3mb5xzq2abc2k'

let agent, me, c, first, chosen, blob, question, answer

const say = (more) => control('say', { platform: 'bluesky', author: 'bu-sri', ...more })
const now = () => new Date().toISOString()
const rkey = (uri) => uri.split('/').pop()
const refused = (call, status, error) => assert.rejects(call, (e) => {
  assert.deepEqual([e.status, e.error], [status, error], e)
  return true
})

await run({
  async login() {
    c = credential('bluesky')
    agent = new AtpAgent({ service: root('bluesky') })
    await agent.login({ identifier: c.handle, password: c.password })
    me = agent.session.did
    assert.equal(me, c.account_id)
    assert.equal(agent.session.handle, c.handle)
    assert.equal(agent.session.active, true)
  },
  async 'post text (facets)'() {
    // A mention only where the name ends as real ones do: no ".example".
    const text = new RichText({ text: 'Halo warga https://kem.go.id #info' })
    await text.detectFacets(agent)
    assert.equal(text.facets.length, 2)
    first = await agent.post({ text: text.text, facets: text.facets, langs: ['id'] })
    assert.match(first.uri, new RegExp(`^at://${me}/${post}/`))
  },
  async 'post with chosen rkey (putRecord)'() {
    const record = { $type: post, text: 'Halo', createdAt: '2026-11-23T07:00:00.000Z' }
    const put = () => agent.com.atproto.repo.putRecord({ repo: me, collection: post, rkey: key, record })
    chosen = (await put()).data
    assert.equal(chosen.uri, `at://${me}/${post}/${key}`)
    const again = (await put()).data
    assert.deepEqual([again.uri, again.cid], [chosen.uri, chosen.cid])
    assert.equal(again.commit, undefined) // the identical record is no commit
  },
  async 'upload image'() {
    blob = (await agent.uploadBlob(png, { encoding: 'image/png' })).data.blob
    assert.equal(blob.mimeType, 'image/png')
    assert.equal(blob.size, png.length)
  },
  async 'post with image'() {
    const made = await agent.post({ text: 'Halo gambar', embed: { $type: 'app.bsky.embed.images', images: [{ image: blob, alt: 'alt teks', aspectRatio: { width: 8, height: 8 } }] } })
    const { data } = await agent.getPosts({ uris: [made.uri] })
    assert.equal(data.posts[0].embed.images[0].alt, 'alt teks')
  },
  async reply() {
    question = (await say({ text: 'Kapan dibuka?', in_reply_to: chosen.uri })).id
    const { data } = await agent.getPosts({ uris: [question] })
    const parent = { uri: question, cid: data.posts[0].cid }
    answer = await agent.post({ text: 'Terima kasih', reply: { root: { uri: chosen.uri, cid: chosen.cid }, parent } })
    assert.ok(answer.cid)
  },
  async notifications() {
    await say({ text: `@${c.handle} lampu mati`, kind: 'mention' })
    const { data } = await agent.listNotifications({ limit: 50, reasons: ['mention', 'reply', 'quote'] })
    assert.deepEqual(data.notifications.map((n) => n.reason), ['mention', 'reply'])
    assert.equal(data.notifications[1].uri, question)
    assert.equal(data.notifications[1].reasonSubject, chosen.uri)
    assert.equal((await agent.countUnreadNotifications()).data.count, 2)
    await agent.updateSeenNotifications(now())
  },
  async 'hide reply (threadgate)'() {
    const record = { $type: gate, post: chosen.uri, createdAt: now(), hiddenReplies: [question] }
    const put = (swapRecord) => agent.com.atproto.repo.putRecord({ repo: me, collection: gate, rkey: key, record, swapRecord })
    const made = (await put(null)).data
    record.hiddenReplies = []
    await refused(put(first.cid), 400, 'InvalidSwap')
    record.hiddenReplies = [question]
    await put(made.cid)
    const world = await control('world?platform=bluesky')
    assert.equal(world.posts.find((p) => p.id === question).hidden, true)
  },
  async metrics() {
    await control('like', { platform: 'bluesky', id: chosen.uri, likes: 3, shares: 2 })
    const [seen] = (await agent.app.bsky.feed.getPosts({ uris: [chosen.uri] })).data.posts
    assert.deepEqual([seen.likeCount, seen.repostCount, seen.replyCount], [3, 2, 1])
  },
  async thread() {
    const { data } = await agent.getPostThread({ uri: chosen.uri, depth: 6 })
    assert.equal(data.thread.replies[0].post.uri, question)
    assert.equal(data.thread.replies[0].replies[0].post.uri, answer.uri)
    assert.deepEqual(data.thread.post.threadgate.record.hiddenReplies, [question])
  },
  async delete() {
    await agent.deletePost(answer.uri)
    await agent.deletePost(answer.uri) // what is gone is deleted
    assert.equal((await agent.getPosts({ uris: [answer.uri] })).data.posts.length, 0)
    await refused(agent.com.atproto.repo.getRecord({ repo: me, collection: post, rkey: rkey(answer.uri) }), 400, 'RecordNotFound')
  },
  async 'refresh session'() {
    const spent = agent.session.refreshJwt
    await agent.sessionManager.refreshSession()
    assert.notEqual(agent.session.refreshJwt, spent)
    const server = new AtpAgent({ service: root('bluesky') })
    await refused(server.com.atproto.server.refreshSession(undefined, { headers: { authorization: `Bearer ${spent}` } }), 400, 'ExpiredToken')
    assert.equal((await agent.com.atproto.server.getSession()).data.did, me)
  },
  // Beyond what was recorded.
  async 'like and repost'() {
    const like = await agent.like(first.uri, first.cid)
    const repost = await agent.repost(first.uri, first.cid)
    const counts = async () => (await agent.getPosts({ uris: [first.uri] })).data.posts.map((p) => [p.likeCount, p.repostCount])[0]
    assert.deepEqual(await counts(), [1, 1])
    await agent.deleteLike(like.uri)
    await agent.deleteRepost(repost.uri)
    assert.deepEqual(await counts(), [0, 0])
  },
  async 'a key that exists: createRecord'() {
    const record = { $type: post, text: 'Lain', createdAt: now() }
    await refused(agent.com.atproto.repo.createRecord({ repo: me, collection: post, rkey: key, record }), 500, 'InternalServerError')
  },
  async 'a key that is no TID'() {
    const record = { $type: post, text: 'Lain', createdAt: now() }
    await refused(agent.com.atproto.repo.putRecord({ repo: me, collection: post, rkey: '3kentongan2222', record }), 400, 'InvalidRequest')
  },
  async 'a text that is too long'() {
    await refused(agent.post({ text: 'a'.repeat(301) }), 400, 'InvalidRequest')
  },
  async 'link card, quote, film'() {
    const external = { uri: 'https://tirtawangi.example/a', title: 'tirtawangi.example/a', description: '' }
    const card = await agent.post({ text: 'Baca', embed: { $type: 'app.bsky.embed.external', external } })
    const quote = await agent.post({ text: 'Ini', embed: { $type: 'app.bsky.embed.record', record: { uri: card.uri, cid: card.cid } } })
    const { data } = await agent.getPosts({ uris: [card.uri, quote.uri] })
    assert.equal(data.posts[0].embed.external.uri, external.uri)
    assert.equal(data.posts[0].quoteCount, 1)
    assert.equal(data.posts[1].embed.record.uri, card.uri)
  },
  async profile() {
    const { data } = await agent.getProfile({ actor: c.handle })
    assert.equal(data.did, me)
    assert.equal((await agent.resolveHandle({ handle: c.handle })).data.did, me)
    assert.ok((await agent.com.atproto.server.describeServer()).data.did)
  },
  async 'author feed and own records'() {
    const { data } = await agent.getAuthorFeed({ actor: me, limit: 2 })
    assert.equal(data.feed.length, 2)
    const next = await agent.getAuthorFeed({ actor: me, limit: 100, cursor: data.cursor })
    assert.ok(next.data.feed.every((f) => f.post.uri !== data.feed[0].post.uri))
    const list = await agent.com.atproto.repo.listRecords({ repo: me, collection: post, limit: 100 })
    assert.ok(list.data.records.some((r) => r.uri === chosen.uri && r.cid === chosen.cid))
  },
  async block() {
    const did = (await agent.getPosts({ uris: [question] })).data.posts[0].author.did
    const { uri } = await agent.app.bsky.graph.block.create({ repo: me }, { subject: did, createdAt: now() })
    assert.equal((await agent.getProfile({ actor: did })).data.viewer.blocking, uri)
    await agent.app.bsky.graph.block.delete({ repo: me, rkey: rkey(uri) })
    assert.equal((await agent.getProfile({ actor: did })).data.viewer.blocking, undefined)
  },
  async 'direct messages'() {
    await say({ text: 'nomor antrean saya hilang', kind: 'direct' })
    const chat = agent.withProxy('bsky_chat', 'did:web:api.bsky.chat').chat.bsky.convo
    const [convo] = (await chat.listConvos({ limit: 10 })).data.convos
    assert.equal(convo.lastMessage.text, 'nomor antrean saya hilang')
    assert.equal(convo.unreadCount, 1)
    const sent = (await chat.sendMessage({ convoId: convo.id, message: { text: 'Ambil ulang di loket 2.' } })).data
    const { messages } = (await chat.getMessages({ convoId: convo.id })).data
    assert.deepEqual(messages.map((m) => m.id), [sent.id, convo.lastMessage.id])
    const { logs } = (await chat.getLog({ cursor: convo.rev })).data
    assert.deepEqual(logs.map((l) => l.message.id), [sent.id])
    assert.equal((await chat.getConvo({ convoId: convo.id })).data.convo.members.length, 2)
  },
  async 'a wrong password and a wrong token'() {
    const other = new AtpAgent({ service: root('bluesky') })
    await refused(other.login({ identifier: c.handle, password: 'salah' }), 401, 'AuthenticationRequired')
    await refused(other.com.atproto.server.getSession({}, { headers: { authorization: 'Bearer salah' } }), 400, 'InvalidToken')
  },
  async 'sign out'() {
    await agent.logout()
    assert.equal(agent.session, undefined)
  },
})
