// Package configs is what an office can set: the Config struct, its defaults,
// where a value may come from and what is wrong with it. Beside it lie the
// holidays and the published policies, which are data with a source.
package configs

import (
	"strings"
	"time"
)

// Config is every setting. Load fills it; nothing changes it afterwards.
type Config struct {
	Listen    string // where pages are served
	PublicURL string // the address that people and platforms use
	Data      string // folder of the database, media and keys
	Role      string // all, web or worker
	Workers   int    // tasks at the same time

	DatabaseURL string // "" = SQLite in Data
	RedisURL    string // "" = as RedisMode says
	RedisMode   string // auto, server or embedded

	Lateness       time.Duration // how late a post may still go out
	LatenessCrisis time.Duration // the same in crisis mode
	PollEvery      time.Duration // how often channels are asked for news

	SessionIdle time.Duration
	SessionMax  time.Duration

	Loopback string // may channels be on this machine: auto, yes or no

	LogLevel  string // debug, info, warn or error
	LogFormat string // text or json

	Proxy string // through which platforms are reached; "" = directly

	MediaURL     string // where platforms fetch pictures and films; "" = PublicURL when that is https
	RupiahPerUSD int    // for showing what calls cost; 0 = in US dollars

	Moderation Moderation

	Platforms [platformCount]Platform // in the order of PlatformNames
}

// Moderation is how far the program may go in what it proposes and does.
type Moderation struct {
	Policy        string // file of the policy; "" = the sample
	Officials     string // the office's own officials, by name, with commas between
	AutoPrecision int    // percent of people's verdicts that must agree with a rule before it may hide by itself
	AutoDecisions int    // verdicts that must have been given
	AutoMeasure   string // lower: the lower bound of the 95 % interval; share: the plain share
	AutoSample    int    // percent that still goes to a person
	QualitySample int    // percent of decisions that a second moderator takes again, blind
	CopyDays      int    // how long a decided text may be followed for its copies
	NonCommercial string // true, false: use the weights trained on data that forbids commercial use
	OwnModel      string // command line of the office's own model; "" = none

	PublicNotice    string // true, false: tell a citizen in public where nothing private is possible
	ObjectionFile   string // clocks, other ways and words of notices; "" = those shipped
	ObjectionClocks string // which clocks the office has chosen, with commas between
}

// Default is a Config that runs on one machine with nothing else installed.
func Default() Config {
	return Config{
		Listen: "127.0.0.1:8080", Data: "data", Role: "all", Workers: 8, RedisMode: "auto", Loopback: "auto",
		Lateness: 15 * time.Minute, LatenessCrisis: 5 * time.Minute, PollEvery: time.Minute,
		SessionIdle: 30 * time.Minute, SessionMax: 12 * time.Hour,
		LogLevel: "info", LogFormat: "text",
		Moderation: Moderation{AutoPrecision: 98, AutoDecisions: 200, AutoMeasure: "lower", AutoSample: 10, QualitySample: 2, CopyDays: 7, NonCommercial: "true",
			PublicNotice: "false", ObjectionClocks: "adm.objection, adm.objdecide"},
		RupiahPerUSD: 16500, Platforms: usualPlatforms(),
	}
}

// AllowsLoopback says whether a channel's server may be on this machine. In an
// office that serves the world it may not: whoever connects channels could
// otherwise reach what listens on loopback only.
func (c Config) AllowsLoopback() bool {
	return c.Loopback == "yes" || c.Loopback == "auto" && c.PublicURL == ""
}

// Public is the address that people use, without a slash at its end.
func (c Config) Public() string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	return "http://" + c.Listen
}

// PublicMedia is the address where platforms fetch pictures and films
// themselves, without a slash at its end; "" when there is none: platforms
// fetch over https only. A loopback address serves the sandbox.
func (c Config) PublicMedia() string {
	if c.MediaURL != "" {
		return c.MediaURL
	}
	if strings.HasPrefix(c.PublicURL, "https://") {
		return c.PublicURL
	}
	return ""
}

// setting ties a key to its place in a Config.
type setting struct {
	key   string // "database.url"; in the environment KENTONGAN_DATABASE_URL
	value any    // *string, *int or *time.Duration
	help  string // for the example file
}

// settings are all there are, in the order of the example file.
func settings(c *Config) []setting {
	all := []setting{
		{"listen", &c.Listen, "Address and port for the pages. Keep it on 127.0.0.1 behind a reverse proxy with TLS."},
		{"public_url", &c.PublicURL, "The address that people and platforms use: https://media.tirtawangi.example. Webhooks need it.\nEmpty: http:// and the listen address, for trying things out."},
		{"data", &c.Data, "Folder for the database, media and keys. Back it up; keep its key file apart from the backup."},
		{"role", &c.Role, "all: pages and work in one process. web or worker: one of the two, to spread over machines\nthat share PostgreSQL and Redis."},
		{"workers", &c.Workers, "How many tasks run at the same time."},
		{"database.url", &c.DatabaseURL, "postgres://user:password@host/name. Empty: SQLite in the data folder."},
		{"redis.url", &c.RedisURL, "redis://:password@host:6379/0. Empty: as redis.mode says. Redis holds no truth and may be emptied."},
		{"redis.mode", &c.RedisMode, "auto: a redis-server of our own if the machine has one, else embedded.\nserver: insist on redis-server. embedded: inside the process."},
		{"publish.lateness", &c.Lateness, "How late a post may still go out after a failure. Later, a person decides."},
		{"publish.lateness_crisis", &c.LatenessCrisis, "The same for posts of a crisis."},
		{"poll.every", &c.PollEvery, "How often each channel is asked for new messages."},
		{"session.idle", &c.SessionIdle, "Signed out after so long without a click."},
		{"session.max", &c.SessionMax, "Signed out after so long in any case."},
		{"network.loopback", &c.Loopback, "May a channel's server be on this machine itself (127.0.0.1)? auto: only while public_url is empty,\nthat is while trying things out. yes or no: always or never."},
		{"network.proxy", &c.Proxy, "The proxy through which platforms are reached: http://, https:// or socks5://host:port.\nEmpty: directly. Servers on this machine are never asked through it."},
		{"media.public_url", &c.MediaURL, "Where Instagram, Threads, TikTok and others fetch pictures and films themselves: an https address\nthat leads to this program (below it, /m is asked for). Empty: public_url, if that is https."},
		{"money.rupiah_per_usd", &c.RupiahPerUSD, "What one US dollar is worth, for showing what a platform's calls cost. 0: show dollars."},
		{"moderation.policy", &c.Moderation.Policy, "File of the moderation policy. Empty: the sample, contoh. A new version comes into force in an agency\nwhen somebody who may govern its policy says so on the page Moderasi, Aturan."},
		{"moderation.officials", &c.Moderation.Officials, "Names of the office's own officials, with commas between. No rule that takes something from a citizen\nmay name them; titles are refused in any case."},
		{"moderation.auto_precision", &c.Moderation.AutoPrecision, "Automatic hiding (gambling and fraud only, switched on rule by rule, off by default) goes on while at least\nthis percentage of people's verdicts agrees with the rule."},
		{"moderation.auto_decisions", &c.Moderation.AutoDecisions, "And while at least so many verdicts have been given about it."},
		{"moderation.auto_measure", &c.Moderation.AutoMeasure, "What is compared. lower: the lower bound of the 95 % interval (Wilson). share: the plain share."},
		{"moderation.auto_sample", &c.Moderation.AutoSample, "Percent of what a rule would hide that goes to a person instead: without it nobody would know its precision."},
		{"moderation.quality_sample", &c.Moderation.QualitySample, "Percent of people's decisions that a second moderator takes again without knowing the first, for the agreement\non the page Moderasi, Mutu. At least 2."},
		{"moderation.copy_days", &c.Moderation.CopyDays, "For how many days copies of a gambling or fraud text that a person has hidden may follow that decision,\nwhere the rule for copies is switched on."},
		{"moderation.noncommercial_weights", &c.Moderation.NonCommercial, "Use the weights for abuse and hate, which were trained on data for non-commercial use (CC BY-NC-SA)?\nfalse: word rules alone."},
		{"moderation.own_model", &c.Moderation.OwnModel, "The office's own model, asked beside ours: the command line of a program on this machine that reads JSON lines\n{\"id\", \"text\"} and writes {\"id\", \"labels\": {\"name\": score}} (say, a script around onnxruntime). What it says is shown as one\nmore reason and is never a ground. It gets the citizens' words as written. Empty: none."},
		{"moderation.public_notice", &c.Moderation.PublicNotice, "Where a platform has no private answer, tell the citizen in public that there is a decision, with its number\nand the way to object, but neither clause nor reason? false: not at all, and the case says so."},
		{"moderation.objection_file", &c.Moderation.ObjectionFile, "File with the clocks of objections, the other ways and the words of notices. Empty: the one shipped."},
		{"moderation.objection_clocks", &c.Moderation.ObjectionClocks, "Which of its clocks with \"enabled: office_choice\" the office has chosen, with commas between. Without adm.objection\nthere is no time limit to object; without adm.objdecide the office's own standard holds."},
		{"log.level", &c.LogLevel, "debug, info, warn or error. Logs never hold message text, tokens or personal data."},
		{"log.format", &c.LogFormat, "text or json."},
	}
	for i, name := range PlatformNames() {
		all = append(all, platformSettings(name, &c.Platforms[i], i == 0)...)
	}
	return all
}
