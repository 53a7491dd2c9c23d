/* floor-poller.c: the physical floor. One UDP socket, recvmmsg/sendmmsg, all devices, C.
 *
 *   floor-poller -p PORT -n 1000 -w 200 -k 1 -r 50 -D 1 -s 5
 *     -n devices (127.1.0.1 and on)   -w devices in flight   -k columns per GETBULK   -r max-repetitions
 *     -D 1 decode every varbind into a table of values, build each request from the last OID
 *     -D 0 decode nothing: replay the requests recorded from one device, only ids are patched
 *     -B packets for one recvmmsg or sendmmsg   -s seconds
 *
 * Prints one JSON object. Meant as a bound only: it trusts what it receives and never asks twice.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAXCOL 48
#define MAXIF 64
#define MAXB 64
static const int P22[] = {2, 3, 4, 5, 7, 8, 9, 13, 14, 19, 20, 101, 106, 107, 108, 109, 110, 111, 112, 113, 115, 118};
static int cols[MAXCOL], ncol;
static uint8_t cpre[MAXCOL][16];
static int cprel[MAXCOL];

typedef struct { int64_t num; } cell;
typedef struct { uint8_t len; char s[31]; } str;
typedef struct {
	uint32_t rid;
	int group;              /* first column of group */
	int nact;
	uint8_t act[MAXCOL];    /* active columns of this request */
	uint8_t oid[MAXCOL][24];
	uint8_t oidl[MAXCOL];
	int step;               /* replay */
	uint64_t sent_ms;
	cell *v;                /* [col][if] */
	str *sv;
} dev;

static int opt_n = 1000, opt_w = 200, opt_k = 1, opt_r = 50, opt_D = 1, opt_s = 5, opt_p = 16161, opt_B = MAXB;
static uint32_t base;
static dev *devs;
static uint64_t n_dev, n_pdu, n_vb, n_to;
static int fd;
static uint8_t rec[256][1500];
static int recl[256], nrec, recording;

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }

static void begin_group(dev *d)
{
	d->nact = 0;
	for (int c = d->group; c < ncol && c < d->group + opt_k; c++) {
		d->act[d->nact++] = c;
		memcpy(d->oid[c], cpre[c], cprel[c]);
		d->oidl[c] = cprel[c];
	}
}
static int build(dev *d, uint8_t *out)
{
	if (!opt_D && !recording) {
		memcpy(out, rec[d->step], recl[d->step]);
		d->rid++;
		out[21] = d->rid >> 24 & 0x7f; out[22] = d->rid >> 16; out[23] = d->rid >> 8; out[24] = d->rid;
		return recl[d->step];
	}
	uint8_t *p = out;
	static const uint8_t hd[] = {0x30, 0x82, 0, 0, 2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c', 0xa5, 0x82, 0, 0};
	memcpy(p, hd, sizeof hd);
	d->rid++;
	p[19] = 2; p[20] = 4; p[21] = d->rid >> 24 & 0x7f; p[22] = d->rid >> 16; p[23] = d->rid >> 8; p[24] = d->rid;
	p += 25;
	*p++ = 2; *p++ = 1; *p++ = 0; *p++ = 2; *p++ = 1; *p++ = opt_r;
	*p++ = 0x30; *p++ = 0x82;
	uint8_t *vl = p;
	p += 2;
	for (int i = 0; i < d->nact; i++) {
		int c = d->act[i], l = d->oidl[c];
		*p++ = 0x30; *p++ = l + 4; *p++ = 6; *p++ = l;
		memcpy(p, d->oid[c], 24);
		p += l;
		*p++ = 5; *p++ = 0;
	}
	int l = p - vl - 2;
	vl[0] = l >> 8; vl[1] = l;
	l = p - out - 19;
	out[17] = l >> 8; out[18] = l;
	l = p - out - 4;
	out[2] = l >> 8; out[3] = l;
	if (recording) { recl[nrec] = p - out; memcpy(rec[nrec++], out, p - out); }
	return p - out;
}
static inline int rl(uint8_t **pp)
{
	uint8_t *p = *pp;
	int l = *p++;
	if (l & 0x80) { int k = l & 0x7f; l = 0; while (k--) l = l << 8 | *p++; }
	*pp = p;
	return l;
}
static inline uint32_t rdid(uint8_t **pp) { uint8_t *p = *pp; p++; int l = rl(&p); uint32_t v = 0; while (l--) v = v << 8 | *p++; *pp = p; return v; }

/* returns 1 when the device is complete, 0 when a further request is due, -1 = not ours */
static int feed(dev *d, uint8_t *b, int len)
{
	uint8_t *p = b;
	p++; rl(&p);
	p++; int l = rl(&p); p += l;
	p++; l = rl(&p); p += l;
	p++; rl(&p);
	uint32_t id = rdid(&p);
	if (id != (d->rid & 0x7fffffff)) return -1;
	n_pdu++;
	if (!opt_D && !recording) return ++d->step == nrec;
	rdid(&p); rdid(&p);
	p++; l = rl(&p);
	uint8_t *end = p + l;
	int i = 0, done[MAXCOL] = {0}, ndone = 0;
	while (p < end) {
		p++; l = rl(&p);
		uint8_t *ve = p + l;
		int c = d->act[i];
		p++; l = rl(&p);
		uint8_t *o = p;
		p += l;
		if (!done[i]) {
			if (l <= cprel[c] || memcmp(o, cpre[c], cprel[c])) { done[i] = 1; ndone++; }
			else {
				uint32_t ix = 0;
				for (uint8_t *q = o + cprel[c]; q < p; q++) ix = ix << 7 | (*q & 0x7f);
				int tag = *p++;
				int vl = rl(&p);
				int cell_ix = c * MAXIF + (ix & (MAXIF - 1));
				if (tag == 4) {
					str *s = &d->sv[cell_ix];
					s->len = vl < 31 ? vl : 31;
					memcpy(s->s, p, s->len);
				} else {
					int64_t v = tag == 2 ? (int8_t)*p : *p;
					for (int k = 1; k < vl; k++) v = v << 8 | p[k];
					d->v[cell_ix].num = v;
				}
				n_vb++;
				memcpy(d->oid[c], o, l);
				d->oidl[c] = l;
			}
		}
		if (++i == d->nact) i = 0;
		p = ve;
	}
	if (ndone) {
		int k = 0;
		for (int j = 0; j < d->nact; j++) if (!done[j]) d->act[k++] = d->act[j];
		d->nact = k;
	}
	if (!d->nact) {
		d->group += opt_k;
		if (d->group >= ncol) return 1;
		begin_group(d);
	}
	return 0;
}

static struct mmsghdr im[MAXB], om[MAXB];
static struct iovec iiv[MAXB], oiv[MAXB];
static struct sockaddr_in ia[MAXB], oa[MAXB];
static uint8_t ib[MAXB][4096], ob[MAXB][1600];
static int nout;
static void flush(void)
{
	for (int s = 0; s < nout;) { int r = sendmmsg(fd, om + s, nout - s, 0); if (r <= 0) { perror("send"); s++; } else s += r; }
	nout = 0;
}
static void queue(int i, int again)
{
	dev *d = &devs[i];
	oiv[nout].iov_len = build(d, ob[nout]);
	oa[nout].sin_addr.s_addr = htonl(base + i);
	d->sent_ms = now() * 1000;
	if (++nout == opt_B) flush();
}
static void start(int i)
{
	dev *d = &devs[i];
	d->group = 0;
	d->step = 0;
	begin_group(d);
	queue(i, 0);
}

int main(int argc, char **argv)
{
	int c;
	while ((c = getopt(argc, argv, "n:w:k:r:D:s:p:B:")) != -1) {
		int v = optarg ? atoi(optarg) : 0;
		switch (c) {
		case 'n': opt_n = v; break; case 'w': opt_w = v; break; case 'k': opt_k = v; break; case 'r': opt_r = v; break;
		case 'D': opt_D = v; break; case 's': opt_s = v; break; case 'p': opt_p = v; break; case 'B': opt_B = v; break;
		default: return 2;
		}
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	base = ntohl(inet_addr("127.1.0.1"));
	for (ncol = 0; ncol < 22; ncol++) cols[ncol] = P22[ncol];
	for (c = 0; c < ncol; c++) {
		static const uint8_t a[] = {0x2b, 6, 1, 2, 1, 2, 2, 1}, b[] = {0x2b, 6, 1, 2, 1, 31, 1, 1, 1};
		if (cols[c] > 100) { memcpy(cpre[c], b, 9); cpre[c][9] = cols[c] - 100; cprel[c] = 10; }
		else { memcpy(cpre[c], a, 8); cpre[c][8] = cols[c]; cprel[c] = 9; }
	}
	devs = calloc(opt_n, sizeof *devs);
	for (int i = 0; i < opt_n; i++) {
		devs[i].v = calloc(ncol * MAXIF, sizeof(cell));
		devs[i].sv = opt_D ? calloc(ncol * MAXIF, sizeof(str)) : NULL;
		devs[i].rid = i * 7919 + 0x01000000;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	int big = 32 << 20;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof big);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof big);
	for (int i = 0; i < MAXB; i++) {
		oa[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(opt_p)};
		oiv[i].iov_base = ob[i];
		om[i].msg_hdr = (struct msghdr){.msg_name = &oa[i], .msg_namelen = sizeof oa[i], .msg_iov = &oiv[i], .msg_iovlen = 1};
		iiv[i] = (struct iovec){ib[i], sizeof ib[i]};
	}
	if (!opt_D) { /* record from device 0 */
		recording = 1;
		devs[0].sv = calloc(ncol * MAXIF, sizeof(str));
		start(0);
		flush();
		for (;;) {
			int l = recv(fd, ib[0], 4096, 0);
			if (feed(&devs[0], ib[0], l)) break;
			queue(0, 0);
			flush();
		}
		recording = 0;
		n_pdu = n_vb = 0;
	}
	int next = 0;
	struct rusage r0, r1;
	getrusage(RUSAGE_SELF, &r0);
	double t0 = now(), tend = t0 + opt_s, tchk = t0;
	if (opt_w > opt_n) opt_w = opt_n;
	for (int i = 0; i < opt_w; i++) start(next++ % opt_n);
	flush();
	int running = 1;
	while (running) {
		for (int i = 0; i < opt_B; i++) im[i].msg_hdr = (struct msghdr){.msg_name = &ia[i], .msg_namelen = sizeof ia[i], .msg_iov = &iiv[i], .msg_iovlen = 1};
		int n = recvmmsg(fd, im, opt_B, MSG_DONTWAIT, NULL);
		if (n <= 0) {
			struct pollfd pf = {.fd = fd, .events = POLLIN};
			if (poll(&pf, 1, 1000) == 0) { n_to++; break; }
			continue;
		}
		for (int i = 0; i < n; i++) {
			uint32_t k = ntohl(ia[i].sin_addr.s_addr) - base;
			if (k >= (uint32_t)opt_n) continue;
			int r = feed(&devs[k], ib[i], im[i].msg_len);
			if (r < 0) continue;
			if (r) {
				n_dev++;
				start(next++ % opt_n);
			} else queue(k, 0);
		}
		flush();
		double t = now();
		if (t - tchk > 0.05) { tchk = t; if (t >= tend) running = 0; }
	}
	double el = now() - t0;
	getrusage(RUSAGE_SELF, &r1);
#define S(f) ((r1.f.tv_sec - r0.f.tv_sec) + (r1.f.tv_usec - r0.f.tv_usec) / 1e6)
	double u = S(ru_utime), s = S(ru_stime);
	if (!opt_D) n_vb = n_dev * 22 * 48;
	printf("{\"polls\":%lu,\"pdus\":%lu,\"varbinds\":%lu,\"cpuSeconds\":%.4f,\"seconds\":%.3f,\"memoryMb\":%.0f,\"timeouts\":%lu}\n",
		(unsigned long)n_dev, (unsigned long)n_pdu, (unsigned long)n_vb, u + s, el, r1.ru_maxrss / 1024.0, (unsigned long)n_to);
	return 0;
}
