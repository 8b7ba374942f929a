// grammy, the Telegram bot framework, against the sandbox's face. The first
// calls are those of the recorded ones, in their order.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { Api, Bot, GrammyError, InputFile, webhookCallback } from 'grammy'
import { control, credential, png, root, run } from './calls.mjs'

let account, api, channel, me, group, post, offset, question

const say = (more) => control('say', { platform: 'telegram', author: 'bu_sri', ...more })
const named = (id) => { const [chat, message] = id.split('_'); return { chat: Number(chat), message: Number(message) } }

// listening serves requests on an address of its own.
async function listening(handler) {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${server.address().port}` }
}

async function refused(call, code, words) {
  await assert.rejects(call, (e) => {
    assert.ok(e instanceof GrammyError, String(e))
    assert.equal(e.error_code, code)
    assert.match(e.description, words)
    return true
  })
}

await run({
  async getMe() {
    account = credential('telegram')
    api = new Api(account.token.access, { apiRoot: root('telegram') })
    channel = `@${account.handle}`
    me = await api.getMe()
    assert.equal(me.is_bot, true)
    assert.equal(me.username, `${account.handle}_bot`)
  },
  async 'post text'() {
    post = await api.sendMessage(channel, 'Halo warga')
    assert.equal(String(post.chat.id), account.account_id)
    assert.equal(post.chat.type, 'channel')
    assert.equal(post.text, 'Halo warga')
    assert.ok(Math.abs(post.date - Date.now() / 1000) < 60, 'dates are seconds')
  },
  async 'post with image (bytes)'() {
    const sent = await api.sendPhoto(channel, new InputFile(png, 'i.png'), { caption: 'Halo' })
    assert.equal(sent.caption, 'Halo')
    assert.ok(sent.photo[0].file_id)
    assert.equal(sent.message_id, post.message_id + 1)
  },
  async album() {
    const { server, url } = await listening((_, res) => res.setHeader('Content-Type', 'image/png').end(png))
    const sent = await api.sendMediaGroup(channel, [
      { type: 'photo', media: new InputFile(png, 'a.png') },
      { type: 'photo', media: `${url}/i.png` },
    ])
    server.close()
    assert.equal(sent.length, 2)
    assert.equal(sent[0].media_group_id, sent[1].media_group_id)
    assert.equal(sent[1].message_id, sent[0].message_id + 1)
  },
  async reply() {
    group = (await api.getChat(channel)).linked_chat_id
    const id = (await say({ text: 'Kapan dibuka?', in_reply_to: `${post.chat.id}_${post.message_id}` })).id
    question = named(id)
    assert.equal(question.chat, group)
    const answer = await api.sendMessage(group, 'Terima kasih', { reply_parameters: { message_id: question.message } })
    assert.equal(answer.reply_to_message.message_id, question.message)
    assert.equal(answer.from.id, me.id)
  },
  async 'list updates'() {
    const updates = await api.getUpdates({ offset: 1, timeout: 0 })
    const copies = updates.filter((u) => u.message?.is_automatic_forward)
    assert.equal(copies[0].message.forward_origin.message_id, post.message_id)
    assert.equal(copies[0].message.chat.id, group)
    const asked = updates.find((u) => u.message?.message_id === question.message).message
    assert.equal(asked.text, 'Kapan dibuka?')
    assert.equal(asked.message_thread_id, copies[0].message.message_id)
    assert.equal(asked.reply_to_message.forward_origin.message_id, post.message_id)
    assert.ok(!updates.some((u) => u.message?.from?.id === me.id), 'a bot does not hear itself')
    offset = updates.at(-1).update_id + 1
    assert.deepEqual(await api.getUpdates({ offset }), [])
  },
  async edit() {
    const edited = await api.editMessageText(post.chat.id, post.message_id, 'ralat')
    assert.equal(edited.text, 'ralat')
    assert.ok(edited.edit_date)
    await refused(() => api.editMessageText(post.chat.id, post.message_id, 'ralat'), 400, /message is not modified/)
  },
  async 'hide = delete message'() {
    assert.equal(await api.deleteMessage(group, question.message), true)
    await refused(() => api.deleteMessage(group, question.message), 400, /message to delete not found/)
  },
  async 'metrics (chat member count)'() {
    assert.ok(await api.getChatMemberCount(post.chat.id) > 0)
  },
  async 'an update arrives while it is waited for'() {
    const seen = await api.getUpdates({ offset })
    offset = seen.length > 0 ? seen.at(-1).update_id + 1 : offset
    const waiting = api.getUpdates({ offset, timeout: 20 })
    const { id } = await say({ text: '/start', kind: 'direct' })
    const [update] = await waiting
    assert.equal(update.message.text, '/start')
    assert.equal(update.message.chat.type, 'private')
    assert.equal(update.message.entities[0].type, 'bot_command')
    assert.equal(update.message.message_id, named(id).message)
    const answer = await api.sendMessage(update.message.chat.id, 'Selamat datang')
    assert.equal(answer.chat.type, 'private')
    offset = update.update_id + 1
  },
  async 'rights of the bot and of a citizen'() {
    const mine = await api.getChatMember(channel, me.id)
    assert.equal(mine.status, 'administrator')
    assert.equal(mine.can_post_messages, true)
    assert.ok((await api.getChatAdministrators(channel)).some((m) => m.user.id === me.id))
    const citizen = named((await say({ text: 'Halo', kind: 'mention' })).id)
    const [update] = (await api.getUpdates({ offset })).filter((u) => u.message?.message_id === citizen.message)
    const who = update.message.from.id
    assert.equal(await api.banChatMember(group, who), true)
    assert.equal((await api.getChatMember(group, who)).status, 'kicked')
    assert.equal(await api.unbanChatMember(group, who, { only_if_banned: true }), true)
    assert.equal(await api.restrictChatMember(group, who, { can_send_messages: false }), true)
    assert.equal(await api.restrictChatMember(group, who, { can_send_messages: true }), true)
    assert.equal(await api.banChatSenderChat(group, -1009990001112), true)
    assert.equal(await api.setMessageReaction(group, citizen.message, [{ type: 'emoji', emoji: '👍' }]), true)
  },
  async 'markup and what is too long'() {
    const bold = await api.sendMessage(channel, '<b>Penting</b> &amp; segera', { parse_mode: 'HTML' })
    assert.equal(bold.text, 'Penting & segera')
    await refused(() => api.sendMessage(channel, '<b>Penting', { parse_mode: 'HTML' }), 400, /can't parse entities/)
    await refused(() => api.sendMessage(channel, 'a'.repeat(4097)), 400, /message is too long/)
    await refused(() => api.sendPhoto(channel, new InputFile(png), { caption: 'a'.repeat(1025) }), 400, /caption is too long/)
    await refused(() => api.sendMessage(channel, 'x', { reply_parameters: { message_id: 99999 } }), 400, /replied not found/)
    await refused(() => api.sendMessage('@tidak_ada', 'x'), 400, /chat not found/)
  },
  async 'a wrong token'() {
    const wrong = new Api(`${account.token.access.slice(0, -2)}xx`, { apiRoot: root('telegram') })
    await refused(() => wrong.getMe(), 401, /Unauthorized/)
  },
  async 'flood control'() {
    await control('faults', { platform: 'telegram', op: 'publish', kind: '429' })
    await assert.rejects(() => api.sendMessage(channel, 'x'), (e) => e.error_code === 429 && e.parameters.retry_after >= 1)
  },
  async webhook() {
    const bot = new Bot(account.token.access, { client: { apiRoot: root('telegram') } })
    const heard = new Promise((resolve) => bot.on('message:text', (ctx) => resolve(ctx.message.text)))
    const { server, url } = await listening(webhookCallback(bot, 'http', { secretToken: 'rahasia_1' }))
    await api.setWebhook(`${url}/tg`, { secret_token: 'rahasia_1', drop_pending_updates: true })
    assert.equal((await api.getWebhookInfo()).url, `${url}/tg`)
    await refused(() => api.getUpdates(), 409, /webhook is active/)
    await say({ text: 'lewat webhook', kind: 'direct' })
    assert.equal(await heard, 'lewat webhook')
    assert.equal(await api.deleteWebhook(), true)
    assert.equal((await api.getWebhookInfo()).url, '')
    server.close()
  },
})
