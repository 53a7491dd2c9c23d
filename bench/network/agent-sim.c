/* agent-sim.c: a fast SNMP v1/v2c agent that is many devices behind one UDP socket.
 *
 * The socket is bound to 0.0.0.0 with SO_BINDTODEVICE "lo", so only loopback traffic reaches it;
 * IP_PKTINFO tells which 127.x.y.z a request was sent to, and the answer leaves from that address.
 * Every address of 127/8 is thus one device. Its counters depend on the address and on time.
 *
 *   agent-sim [-p PORT, 0: any free] [-n 48 ports] [-b 0 ifIndex base] [-m 1472 longest answer]
 *             [-d MICROSECONDS of delay] [-l PERMILLE lost] [-x K: each K-th address is dead]
 *             [-s K: each K-th address falls silent at SIGUSR1]
 *             [-u 0: without UPS-MIB] [-t SECONDS until it ends by itself]
 *
 * Says "listening PORT" when ready and ends with whoever started it. Counts its own work in
 * 1.3.6.1.4.1.99999.1.{1 requests, 2 varbinds sent, 3 CPU microseconds, 4 octets sent}.0.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAXOID 40
#define BATCH 64
#define BUFSZ 65536

enum gen { G_CONST, G_UPTIME, G_LOW32, G_C64, G_ERR32, G_DEVNAME, G_GAUGE, G_STAT };

typedef struct {
	uint32_t oid[MAXOID];
	uint8_t n;            /* sub-ids */
	uint8_t namelen;      /* bytes in name */
	uint8_t name[64];     /* 06 len ... */
	uint8_t tag;
	uint8_t gen;
	uint8_t vlen;
	uint8_t val[64];      /* const value: complete TLV */
	uint32_t seed;
} ent;

static ent *tab;
static int ntab, captab;
static int opt_if = 48, opt_base = 0, opt_max = 1472, opt_port = 16161;
static long opt_delay = 0;
static int opt_loss = 0, opt_dead = 0, opt_silent = 0, opt_ups = 1, opt_life = 600;
static uint64_t st_req, st_vb, st_bytes;
static uint64_t now_ms, start_ms;
static volatile sig_atomic_t stop, fallen;

static void on_sig(int s) { (void)s; stop = 1; }
static void on_fall(int s) { (void)s; fallen = 1; }

static uint64_t mono_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static uint64_t cpu_us(void)
{
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return (uint64_t)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000 + r.ru_utime.tv_usec + r.ru_stime.tv_usec;
}
static inline uint32_t mix(uint32_t a, uint32_t b)
{
	uint64_t x = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15ull;
	return (uint32_t)(x >> 32) ^ (uint32_t)x;
}

/* ---------- table ---------- */
static int enc_oid(const uint32_t *o, int n, uint8_t *p)
{
	uint8_t *s = p;
	p[0] = 6;
	p += 2;
	*p++ = o[0] * 40 + o[1];
	for (int i = 2; i < n; i++) {
		uint32_t v = o[i];
		if (v >= 1u << 28) *p++ = 0x80 | v >> 28;
		if (v >= 1u << 21) *p++ = 0x80 | (v >> 21 & 0x7f);
		if (v >= 1u << 14) *p++ = 0x80 | (v >> 14 & 0x7f);
		if (v >= 1u << 7) *p++ = 0x80 | (v >> 7 & 0x7f);
		*p++ = v & 0x7f;
	}
	s[1] = p - s - 2;
	return p - s;
}
static inline uint8_t *enc_uint(uint8_t *p, uint8_t tag, uint64_t v)
{
	int len = 1;
	uint64_t t = v;
	while (t > 0x7f) { t >>= 8; len++; }
	p[0] = tag;
	p[1] = len;
	for (int i = len; i > 0; i--) { p[1 + i] = v; v >>= 8; }
	return p + 2 + len;
}
static ent *add(const char *oid, int extra)
{
	if (ntab == captab) tab = realloc(tab, (captab = captab ? captab * 2 : 256) * sizeof *tab);
	ent *e = &tab[ntab];
	memset(e, 0, sizeof *e);
	for (const char *p = oid; *p; p++) {
		e->oid[e->n++] = strtoul(p, (char **)&p, 10);
		if (!*p) break;
	}
	if (extra >= 0) e->oid[e->n++] = extra;
	e->namelen = enc_oid(e->oid, e->n, e->name);
	e->seed = mix(ntab + 1, 77);
	ntab++;
	return e;
}
static void add_int(const char *oid, int extra, uint8_t tag, uint32_t v)
{
	ent *e = add(oid, extra);
	e->tag = tag;
	e->vlen = enc_uint(e->val, tag, v) - e->val;
}
static void add_str(const char *oid, int extra, const void *s, int len)
{
	ent *e = add(oid, extra);
	e->tag = 4;
	e->val[0] = 4;
	e->val[1] = len;
	memcpy(e->val + 2, s, len);
	e->vlen = len + 2;
}
static void add_oid(const char *oid, int extra, const char *v)
{
	uint32_t o[MAXOID];
	int n = 0;
	for (const char *p = v; *p; p++) {
		o[n++] = strtoul(p, (char **)&p, 10);
		if (!*p) break;
	}
	ent *e = add(oid, extra);
	e->tag = 6;
	e->vlen = enc_oid(o, n, e->val);
}
static void add_gen(const char *oid, int extra, uint8_t tag, uint8_t gen)
{
	ent *e = add(oid, extra);
	e->tag = tag;
	e->gen = gen;
}
/* Counter number `which` of an interface: 64 bits wide in ifXTable, its low half in ifTable (RFC 2863). */
static void add_counter(const char *oid, int extra, uint8_t tag, uint8_t gen, int which)
{
	add_gen(oid, extra, tag, gen);
	tab[ntab - 1].seed = mix(extra * 64 + which, 77);
}
static int cmp_oid(const uint32_t *a, int an, const uint32_t *b, int bn)
{
	int n = an < bn ? an : bn;
	for (int i = 0; i < n; i++)
		if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
	return an - bn;
}
static int cmp_ent(const void *a, const void *b)
{
	const ent *x = a, *y = b;
	return cmp_oid(x->oid, x->n, y->oid, y->n);
}

static void build(void)
{
	char o[96], s[64];
	static const char *sysd = "SimOS Software, C2960X-UNIVERSALK9-M, Version 15.2(7)E3";
	add_str("1.3.6.1.2.1.1.1.0", -1, sysd, strlen(sysd));
	add_oid("1.3.6.1.2.1.1.2.0", -1, "1.3.6.1.4.1.9.1.1208");
	add_gen("1.3.6.1.2.1.1.3.0", -1, 0x43, G_UPTIME);
	add_str("1.3.6.1.2.1.1.4.0", -1, "noc@example.org", 15);
	add_gen("1.3.6.1.2.1.1.5.0", -1, 4, G_DEVNAME);
	add_str("1.3.6.1.2.1.1.6.0", -1, "Rack 12, Row B", 14);
	add_int("1.3.6.1.2.1.1.7.0", -1, 2, 78);
	add_int("1.3.6.1.2.1.2.1.0", -1, 2, opt_if);
	for (int k = 1; k <= opt_if; k++) {
		int i = opt_base + k;
#define C(col) (snprintf(o, sizeof o, "1.3.6.1.2.1.2.2.1.%d", col), o), i
#define X(col) (snprintf(o, sizeof o, "1.3.6.1.2.1.31.1.1.1.%d", col), o), i
		uint8_t mac[6] = {0, 0x1b, 0x21, 0x3c, i >> 8, i};
		int down = k % 12 == 0;
		add_int(C(1), 2, i);
		snprintf(s, sizeof s, "GigabitEthernet0/%d", k);
		add_str(C(2), s, strlen(s));
		add_int(C(3), 2, 6);
		add_int(C(4), 2, 1500);
		add_int(C(5), 0x42, 1000000000);
		add_str(C(6), mac, 6);
		add_int(C(7), 2, 1);
		add_int(C(8), 2, down ? 2 : 1);
		add_int(C(9), 0x43, 123456 + k * 1000);
		add_counter(C(10), 0x41, G_LOW32, 6);
		add_counter(C(11), 0x41, G_LOW32, 7);
		add_gen(C(12), 0x41, G_ERR32);
		add_gen(C(13), 0x41, G_ERR32);
		add_gen(C(14), 0x41, G_ERR32);
		add_int(C(15), 0x41, 0);
		add_counter(C(16), 0x41, G_LOW32, 10);
		add_counter(C(17), 0x41, G_LOW32, 11);
		add_gen(C(18), 0x41, G_ERR32);
		add_gen(C(19), 0x41, G_ERR32);
		add_gen(C(20), 0x41, G_ERR32);
		add_int(C(21), 0x42, 0);
		add_oid(C(22), "0.0");
		snprintf(s, sizeof s, "Gi0/%d", k);
		add_str(X(1), s, strlen(s));
		add_counter(X(2), 0x41, G_LOW32, 8);
		add_counter(X(3), 0x41, G_LOW32, 9);
		add_counter(X(4), 0x41, G_LOW32, 12);
		add_counter(X(5), 0x41, G_LOW32, 13);
		for (int c = 6; c <= 13; c++) add_counter(X(c), 0x46, G_C64, c);
		add_int(X(14), 2, 1);
		add_int(X(15), 0x42, 1000);
		add_int(X(16), 2, 2);
		add_int(X(17), 2, 1);
		snprintf(s, sizeof s, k % 3 ? "to sw-%02d port %d" : "", k, k * 2);
		add_str(X(18), s, strlen(s));
		add_int(X(19), 0x43, 0);
	}
	/* UPS-MIB (RFC 1628) */
	if (!opt_ups) goto statistics;
#define U "1.3.6.1.2.1.33.1."
	add_str(U "1.1.0", -1, "SimPower", 8);
	add_str(U "1.2.0", -1, "SP-3000", 7);
	add_str(U "1.3.0", -1, "1.02", 4);
	add_str(U "1.4.0", -1, "2.10", 4);
	add_gen(U "1.5.0", -1, 4, G_DEVNAME);
	add_str(U "1.6.0", -1, "", 0);
	add_int(U "2.1.0", -1, 2, 2);
	add_int(U "2.2.0", -1, 2, 0);
	add_gen(U "2.3.0", -1, 2, G_GAUGE);
	add_gen(U "2.4.0", -1, 2, G_GAUGE);
	add_int(U "2.5.0", -1, 2, 548);
	add_int(U "2.6.0", -1, 2, 3);
	add_int(U "2.7.0", -1, 2, 24);
	add_gen(U "3.1.0", -1, 0x41, G_ERR32);
	add_int(U "3.2.0", -1, 2, 1);
	add_int(U "3.3.1.1.1", -1, 2, 1);
	add_int(U "3.3.1.2.1", -1, 2, 500);
	add_int(U "3.3.1.3.1", -1, 2, 230);
	add_int(U "3.3.1.4.1", -1, 2, 31);
	add_gen(U "3.3.1.5.1", -1, 2, G_GAUGE);
	add_int(U "4.1.0", -1, 2, 3);
	add_int(U "4.2.0", -1, 2, 500);
	add_int(U "4.3.0", -1, 2, 1);
	add_int(U "4.4.1.1.1", -1, 2, 1);
	add_int(U "4.4.1.2.1", -1, 2, 230);
	add_int(U "4.4.1.3.1", -1, 2, 27);
	add_gen(U "4.4.1.4.1", -1, 2, G_GAUGE);
	add_gen(U "4.4.1.5.1", -1, 2, G_GAUGE);
	add_int(U "6.1.0", -1, 0x42, 0);
statistics:
	for (int k = 1; k <= 4; k++) add_gen("1.3.6.1.4.1.99999.1", k, 0x46, G_STAT), tab[ntab - 1].oid[tab[ntab - 1].n] = 0,
		tab[ntab - 1].n++, tab[ntab - 1].seed = k, tab[ntab - 1].namelen = enc_oid(tab[ntab - 1].oid, tab[ntab - 1].n, tab[ntab - 1].name);
	qsort(tab, ntab, sizeof *tab, cmp_ent);
}

/* The first entry >= oid, or > oid when strict. */
static int lookup(const uint32_t *oid, int n, int strict)
{
	int lo = 0, hi = ntab;
	while (lo < hi) {
		int m = (lo + hi) >> 1;
		int c = cmp_oid(tab[m].oid, tab[m].n, oid, n);
		if (c < 0 || (strict && c == 0)) lo = m + 1;
		else hi = m;
	}
	return lo;
}

/* varbind for entry e of device dev at p (needs <= 160 bytes) */
static inline uint8_t *put_vb(uint8_t *p, const ent *e, uint32_t dev)
{
	uint8_t *s = p;
	p += 2;
	memcpy(p, e->name, 64);
	p += e->namelen;
	uint32_t h;
	switch (e->gen) {
	case G_CONST:
		memcpy(p, e->val, 64);
		p += e->vlen;
		break;
	case G_UPTIME:
		p = enc_uint(p, e->tag, (now_ms - start_ms) / 10 + (mix(dev, 5) & 0xffffff));
		break;
	case G_LOW32:
		h = mix(dev, e->seed);
		p = enc_uint(p, e->tag, (uint32_t)(((uint64_t)h << 12) + (now_ms - start_ms) * (uint64_t)(h & 0x1ffff)));
		break;
	case G_C64:
		h = mix(dev, e->seed);
		p = enc_uint(p, e->tag, ((uint64_t)h << 12) + (now_ms - start_ms) * (uint64_t)(h & 0x1ffff));
		break;
	case G_ERR32:
		h = mix(dev, e->seed);
		p = enc_uint(p, e->tag, (h & 0xff) + ((now_ms - start_ms) >> 16));
		break;
	case G_GAUGE:
		h = mix(dev, e->seed);
		p = enc_uint(p, e->tag, 20 + ((h + now_ms / 10000) & 63));
		break;
	case G_DEVNAME: {
		int l = sprintf((char *)p + 2, "dev-%u-%u-%u", dev >> 16 & 255, dev >> 8 & 255, dev & 255);
		p[0] = 4;
		p[1] = l;
		p += 2 + l;
		break;
	}
	case G_STAT:
		p = enc_uint(p, e->tag, e->seed == 1 ? st_req : e->seed == 2 ? st_vb : e->seed == 3 ? cpu_us() : st_bytes);
		break;
	}
	s[0] = 0x30;
	s[1] = p - s - 2;
	return p;
}

static uint8_t *rd_len(uint8_t *p, uint8_t *end, int *len)
{
	if (p >= end) return NULL;
	int l = *p++;
	if (l & 0x80) {
		int k = l & 0x7f;
		if (k > 3 || p + k > end) return NULL;
		l = 0;
		while (k--) l = l << 8 | *p++;
	}
	if (p + l > end) return NULL;
	*len = l;
	return p;
}
static int rd_int(uint8_t **pp, uint8_t *end)
{
	uint8_t *p = *pp;
	int len, v;
	if (p >= end || *p++ != 2 || !(p = rd_len(p, end, &len)) || len < 1) { *pp = NULL; return 0; }
	v = (int8_t)*p++;
	while (--len) v = v << 8 | *p++;
	*pp = p;
	return v;
}

typedef struct { uint32_t oid[128]; int n; uint8_t *raw; int rawlen; int idx; } reqvb;

/* returns response length, 0 = drop */
static int answer(uint8_t *in, int inlen, uint8_t *out, uint32_t dev)
{
	uint8_t *p = in, *end = in + inlen;
	int len;
	if (inlen < 10 || *p++ != 0x30 || !(p = rd_len(p, end, &len))) return 0;
	uint8_t *vc = p; /* version + community, copied verbatim */
	int ver = rd_int(&p, end);
	if (!p || (ver != 0 && ver != 1)) return 0;
	if (p >= end || *p++ != 4 || !(p = rd_len(p, end, &len))) return 0;
	p += len;
	int vclen = p - vc;
	if (p >= end) return 0;
	int pdu = *p++;
	if ((pdu != 0xa0 && pdu != 0xa1 && pdu != 0xa5) || !(p = rd_len(p, end, &len))) return 0;
	uint8_t *rid = p;
	rd_int(&p, end);
	if (!p) return 0;
	int ridlen = p - rid;
	int nonrep = rd_int(&p, end);
	if (!p) return 0;
	int maxrep = rd_int(&p, end);
	if (!p) return 0;
	if (*p++ != 0x30 || !(p = rd_len(p, end, &len))) return 0;
	static reqvb rv[256];
	int nv = 0;
	while (p < end && nv < 256) {
		reqvb *v = &rv[nv];
		if (*p++ != 0x30 || !(p = rd_len(p, end, &len))) return 0;
		uint8_t *vend = p + len;
		v->raw = p;
		if (*p++ != 6 || !(p = rd_len(p, end, &len)) || len < 1) return 0;
		uint8_t *oend = p + len;
		v->rawlen = oend - v->raw;
		v->n = 0;
		v->oid[v->n++] = *p / 40 > 2 ? 2 : *p / 40;
		v->oid[v->n] = *p - v->oid[0] * 40;
		v->n++;
		p++;
		while (p < oend && v->n < 128) {
			uint32_t x = 0;
			while (p < oend && *p & 0x80) x = x << 7 | (*p++ & 0x7f);
			if (p < oend) x = x << 7 | *p++;
			v->oid[v->n++] = x;
		}
		p = vend;
		nv++;
	}
	st_req++;
	/* header: 30 82 LL LL vc A2 82 LL LL rid 02 01 es 02 01 ei 30 82 LL LL */
	uint8_t *h = out;
	*h++ = 0x30; *h++ = 0x82; h += 2;
	memcpy(h, vc, vclen);
	h += vclen;
	*h++ = 0xa2; *h++ = 0x82;
	uint8_t *pdulen = h;
	h += 2;
	memcpy(h, rid, ridlen);
	h += ridlen;
	uint8_t *es = h;
	*h++ = 2; *h++ = 1; *h++ = 0; *h++ = 2; *h++ = 1; *h++ = 0;
	*h++ = 0x30; *h++ = 0x82;
	uint8_t *vblen = h;
	h += 2;
	uint8_t *q = h, *lim = out + opt_max;
	int nvb = 0;
	if (pdu != 0xa5) {
		for (int i = 0; i < nv; i++) {
			reqvb *v = &rv[i];
			int ix = lookup(v->oid, v->n, pdu == 0xa1);
			int ok = ix < ntab && (pdu == 0xa1 || (tab[ix].n == v->n && !cmp_oid(tab[ix].oid, tab[ix].n, v->oid, v->n)));
			if (q + 200 > out + BUFSZ) break;
			if (ok) q = put_vb(q, &tab[ix], dev);
			else {
				if (ver == 0) { es[2] = 2; es[5] = i + 1; }
				*q++ = 0x30;
				*q++ = v->rawlen + 2;
				memcpy(q, v->raw, v->rawlen);
				q += v->rawlen;
				*q++ = pdu == 0xa1 ? 0x82 : 0x81;
				*q++ = 0;
			}
			nvb++;
		}
		if (q > lim) { /* tooBig */
			es[2] = 1;
			q = h;
			nvb = 0;
		}
	} else {
		if (nonrep < 0) nonrep = 0;
		if (nonrep > nv) nonrep = nv;
		if (maxrep < 0) maxrep = 0;
		for (int i = 0; i < nv; i++) rv[i].idx = lookup(rv[i].oid, rv[i].n, 1);
		int full = 0;
		for (int r = 0; r < (maxrep ? maxrep : 1) && !full; r++) {
			int from = r ? nonrep : 0, to = maxrep ? nv : nonrep, live = 0;
			for (int i = from; i < to; i++) {
				reqvb *v = &rv[i];
				uint8_t *s = q;
				if (q + 200 > out + BUFSZ) { full = 1; break; }
				if (v->idx < ntab) {
					q = put_vb(q, &tab[v->idx], dev);
					live = 1;
				} else {
					int last = r && i >= nonrep;
					*q++ = 0x30;
					if (last) {
						ent *e = &tab[ntab - 1];
						*q++ = e->namelen + 2;
						memcpy(q, e->name, e->namelen);
						q += e->namelen;
					} else {
						*q++ = v->rawlen + 2;
						memcpy(q, v->raw, v->rawlen);
						q += v->rawlen;
					}
					*q++ = 0x82;
					*q++ = 0;
				}
				if (q > lim) { q = s; full = 1; break; }
				if (v->idx < ntab) v->idx++;
				nvb++;
			}
			if (!live) break;
		}
	}
	int l = q - (vblen + 2);
	vblen[0] = l >> 8; vblen[1] = l;
	l = q - (pdulen + 2);
	pdulen[0] = l >> 8; pdulen[1] = l;
	l = q - (out + 4);
	out[2] = l >> 8; out[3] = l;
	st_vb += nvb;
	st_bytes += q - out;
	return q - out;
}

/* ---------- delay queue (constant delay => FIFO) ---------- */
typedef struct { uint64_t due; struct sockaddr_in to; struct in_addr from; int len; uint8_t buf[2048]; } delayed;
#define QN 131072
static delayed *dq;
static uint32_t qh, qt;

int main(int argc, char **argv)
{
	int c;
	while ((c = getopt(argc, argv, "p:n:b:m:d:l:x:s:u:t:")) != -1) {
		int v = atoi(optarg);
		switch (c) {
		case 'p': opt_port = v; break;
		case 'n': opt_if = v; break;
		case 'b': opt_base = v; break;
		case 'm': opt_max = v; break;
		case 'd': opt_delay = v; break;
		case 'l': opt_loss = v; break;
		case 'x': opt_dead = v; break;
		case 's': opt_silent = v; break;
		case 'u': opt_ups = v; break;
		case 't': opt_life = v; break;
		default: return 2;
		}
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	start_ms = mono_us() / 1000;
	build();
	if (opt_delay) { dq = malloc(sizeof *dq * QN); if (opt_max > 2000) opt_max = 2000; }
	int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1, big = 64 << 20;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3)) { perror("SO_BINDTODEVICE"); return 1; }
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
	setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof big);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(opt_port)};
	if (bind(fd, (void *)&a, sizeof a)) { perror("bind"); return 1; }
	struct sigaction sa = {.sa_handler = on_sig};
	sigaction(SIGINT, &sa, NULL);
	struct sigaction fall = {.sa_handler = on_fall, .sa_flags = SA_RESTART};
	sigaction(SIGUSR1, &fall, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGALRM, &sa, NULL);
	alarm(opt_life);

	static uint8_t ib[BATCH][4096], ob[BATCH][BUFSZ], icm[BATCH][128], ocm[BATCH][128];
	static struct sockaddr_in from[BATCH], to[BATCH];
	static struct iovec iiv[BATCH], oiv[BATCH];
	static struct mmsghdr im[BATCH], om[BATCH];
	socklen_t alen = sizeof a;
	getsockname(fd, (void *)&a, &alen);
	fprintf(stderr, "listening %d\n", ntohs(a.sin_port));
	uint32_t rnd = 12345;
	for (int i = 0; i < BATCH; i++) {
		oiv[i].iov_base = ob[i];
		om[i].msg_hdr = (struct msghdr){.msg_name = &to[i], .msg_namelen = sizeof to[i], .msg_iov = &oiv[i], .msg_iovlen = 1,
			.msg_control = ocm[i], .msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo))};
		struct cmsghdr *cm = CMSG_FIRSTHDR(&om[i].msg_hdr);
		cm->cmsg_level = IPPROTO_IP;
		cm->cmsg_type = IP_PKTINFO;
		cm->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
	}
	while (!stop) {
		if (opt_delay) {
			uint64_t now = mono_us();
			while (qt != qh && dq[qt % QN].due <= now) {
				int k = 0;
				while (k < BATCH && qt != qh && dq[qt % QN].due <= now) {
					delayed *d = &dq[qt % QN];
					to[k] = d->to;
					struct in_pktinfo *pi = (void *)CMSG_DATA(CMSG_FIRSTHDR(&om[k].msg_hdr));
					*pi = (struct in_pktinfo){.ipi_spec_dst = d->from};
					memcpy(ob[k], d->buf, d->len);
					oiv[k].iov_len = d->len;
					k++;
					qt++;
				}
				for (int s = 0; s < k;) {
					int r = sendmmsg(fd, om + s, k - s, 0);
					if (r <= 0) { s++; continue; }
					s += r;
				}
			}
			struct pollfd pf = {.fd = fd, .events = POLLIN};
			struct timespec ts = {0, 100000000};
			if (qt != qh) {
				int64_t w = (int64_t)dq[qt % QN].due - (int64_t)mono_us();
				if (w < 0) w = 0;
				ts.tv_nsec = w * 1000;
			}
			if (ppoll(&pf, 1, &ts, NULL) <= 0) continue;
		}
		for (int i = 0; i < BATCH; i++) {
			iiv[i] = (struct iovec){ib[i], sizeof ib[i]};
			im[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &iiv[i], .msg_iovlen = 1,
				.msg_control = icm[i], .msg_controllen = sizeof icm[i]};
		}
		int n = recvmmsg(fd, im, BATCH, MSG_WAITFORONE, NULL);
		if (n <= 0) continue;
		uint64_t us = mono_us();
		now_ms = us / 1000;
		int k = 0;
		for (int i = 0; i < n; i++) {
			struct in_pktinfo *pi = NULL;
			for (struct cmsghdr *cm = CMSG_FIRSTHDR(&im[i].msg_hdr); cm; cm = CMSG_NXTHDR(&im[i].msg_hdr, cm))
				if (cm->cmsg_type == IP_PKTINFO) pi = (void *)CMSG_DATA(cm);
			if (!pi) continue;
			uint32_t dev = ntohl(pi->ipi_addr.s_addr);
			if (opt_dead && dev % opt_dead == 0) continue;
			if (fallen && opt_silent && dev % opt_silent == 0) continue;
			if (opt_loss && (rnd = rnd * 1664525u + 1013904223u) / 4294968 < (uint32_t)opt_loss) continue;
			int l = answer(ib[i], im[i].msg_len, ob[k], dev);
			if (!l) continue;
			if (opt_delay) {
				if (qh - qt == QN) continue;
				delayed *d = &dq[qh++ % QN];
				d->due = us + opt_delay;
				d->to = from[i];
				d->from = pi->ipi_addr;
				d->len = l;
				memcpy(d->buf, ob[k], l);
				continue;
			}
			to[k] = from[i];
			oiv[k].iov_len = l;
			struct in_pktinfo *po = (void *)CMSG_DATA(CMSG_FIRSTHDR(&om[k].msg_hdr));
			*po = (struct in_pktinfo){.ipi_spec_dst = pi->ipi_addr};
			k++;
		}
		for (int s = 0; s < k;) {
			int r = sendmmsg(fd, om + s, k - s, 0);
			if (r <= 0) { s++; continue; }
			s += r;
		}
	}
	return 0;
}
