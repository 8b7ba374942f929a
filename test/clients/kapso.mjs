// Kapso's client for the WhatsApp Cloud API against the sandbox's face: sends,
// files, templates, refusals, and its own reading of what is pushed.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { WhatsAppClient } from '@kapso/whatsapp-cloud-api'
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server'
import { control, credential, png, root, run, until } from './calls.mjs'

let account, client, phoneNumberId, waba, door, asked, number, person, file
const heard = { messages: [], statuses: [] }

const say = (more) => control('say', { platform: 'whatsapp', author: 'Sri Wahyuni', kind: 'direct', ...more })
const refused = (call, code) => assert.rejects(call, (e) => {
  assert.equal(e.code, code, String(e))
  return true
})

await run({
  async 'a webhook is checked, signed and read'() {
    account = credential('whatsapp')
    phoneNumberId = account.account_id
    waba = `2${phoneNumberId.slice(1)}`
    client = new WhatsAppClient({ accessToken: account.token.access, baseUrl: root('whatsapp'), graphVersion: 'v25.0' })
    door = createServer((req, res) => {
      const asks = new URL(req.url, 'http://x').searchParams
      if (req.method === 'GET') {
        assert.equal(asks.get('hub.verify_token'), account.app.verify_token)
        return res.end(asks.get('hub.challenge'))
      }
      const parts = []
      req.on('data', (part) => parts.push(part)).on('end', () => {
        const rawBody = Buffer.concat(parts)
        const signatureHeader = req.headers['x-hub-signature-256']
        assert.ok(verifySignature({ appSecret: account.app.client_secret, rawBody, signatureHeader }))
        const events = normalizeWebhook(JSON.parse(rawBody.toString('utf8')))
        heard.messages.push(...events.messages)
        heard.statuses.push(...events.statuses)
        res.end()
      })
    }).listen(0, '127.0.0.1')
    await once(door, 'listening')
    await control('webhooks', { platform: 'whatsapp', url: `http://127.0.0.1:${door.address().port}/` })
    asked = (await say({ text: 'Lampu mati <b> 🙏' })).id
    const message = await until('the message', () => heard.messages.find((m) => m.id === asked))
    assert.equal(message.text.body, 'Lampu mati <b> 🙏')
    assert.equal(message.kapso.direction, 'inbound')
    number = message.from
    person = message.fromUserId
    assert.match(person, /^[A-Z]{2}\.[A-Za-z0-9]+$/)
  },
  async 'a citizen without a number'() {
    const { id } = await say({ text: 'Tanpa nomor', author: 'joko.wa' })
    const message = await until('the message', () => heard.messages.find((m) => m.id === id))
    assert.equal(message.from, undefined)
    assert.equal(message.kapso.direction, 'inbound')
    const sent = await client.messages.sendText({ phoneNumberId, recipient: message.fromUserId, body: 'Siap.' })
    assert.match(sent.messages[0].id, /^wamid\./)
  },
  async 'an answer and its fate'() {
    const sent = await client.messages.sendText({ phoneNumberId, to: number, body: 'Segera.', contextMessageId: asked, bizOpaqueCallbackData: 'kt:k1' })
    assert.equal(sent.contacts[0].waId, number)
    const status = await until('sent', () => heard.statuses.find((s) => s.id === sent.messages[0].id && s.status === 'sent'))
    assert.equal(status.recipientId, number)
    assert.equal(status.recipientUserId, person)
  },
  async 'to both, the number wins'() {
    assert.equal((await client.messages.sendText({ phoneNumberId, to: number, recipient: person, body: 'Dua-duanya.' })).contacts[0].waId, number)
  },
  async 'a picture'() {
    file = await client.media.upload({ phoneNumberId, type: 'image', file: new Blob([png], { type: 'image/png' }), fileName: 'i.png' })
    const sent = await client.messages.sendImage({ phoneNumberId, to: number, image: { id: file.id, caption: 'Peta' } })
    assert.match(sent.messages[0].id, /^wamid\./)
    const known = await client.media.get({ mediaId: file.id, phoneNumberId })
    assert.equal(known.mimeType, 'image/png')
    assert.ok(known.url)
  },
  async 'a reaction and a read receipt'() {
    await client.messages.sendReaction({ phoneNumberId, to: number, reaction: { messageId: asked, emoji: '🙏' } })
    assert.equal((await client.messages.markRead({ phoneNumberId, messageId: asked })).success, true)
  },
  async 'templates'() {
    const list = await client.templates.list({ businessAccountId: waba })
    const ready = list.data.find((t) => t.name === 'jawaban_aduan')
    assert.equal(ready.status, 'APPROVED')
    const sent = await client.messages.sendTemplate({ phoneNumberId, to: number, template: {
      name: 'jawaban_aduan', language: { code: 'id' },
      components: [{ type: 'body', parameters: [{ type: 'text', text: 'Bu Sri' }, { type: 'text', text: 'A-17' }] }],
    } })
    assert.match(sent.messages[0].id, /^wamid\./)
  },
  async 'a template that cannot be used'() {
    await refused(() => client.messages.sendTemplate({ phoneNumberId, to: number, template: { name: 'tidak_ada', language: { code: 'id' } } }), 132001)
  },
  async 'a closed window'() {
    await assert.rejects(() => client.messages.sendText({ phoneNumberId, to: '628111111111', body: 'Halo' }), (e) => {
      assert.equal(e.code, 131047)
      assert.equal(e.category, 'reengagementWindow')
      return true
    })
  },
  async 'too many messages'() {
    await control('faults', { platform: 'whatsapp', op: 'publish', kind: '429' })
    await refused(() => client.messages.sendText({ phoneNumberId, to: number, body: 'Halo' }), 130429)
  },
  async 'a wrong token'() {
    const wrong = new WhatsAppClient({ accessToken: 'EAAWx', baseUrl: root('whatsapp'), graphVersion: 'v25.0' })
    await refused(() => wrong.messages.sendText({ phoneNumberId, to: number, body: 'Halo' }), 190)
    door.close()
  },
})
