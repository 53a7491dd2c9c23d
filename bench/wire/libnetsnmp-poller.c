/* libnetsnmp-poller.c: Debian's SNMP library through its asynchronous API. One session per device,
 * W devices in flight, one column in a GETBULK, every value touched.
 *
 *   libnetsnmp-poller PORT DEVICES IN-FLIGHT MAX-REPETITIONS SECONDS
 *
 * Prints one JSON object.
 */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#define COLUMNS 22
static const int P22[COLUMNS] = {2, 3, 4, 5, 7, 8, 9, 13, 14, 19, 20, 101, 106, 107, 108, 109, 110, 111, 112, 113, 115, 118};
static oid cols[COLUMNS][16];
static size_t coll[COLUMNS];

typedef struct {
	void *ss;
	int col, busy;
} dev;
static dev *D;
static int N, W, REP, nexti;
static unsigned long ndev, npdu, nvb, nerr;
static long sink;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int cb(int op, netsnmp_session *s, int id, netsnmp_pdu *pdu, void *arg);

static void ask(dev *d, const oid *o, size_t l)
{
	netsnmp_pdu *p = snmp_pdu_create(SNMP_MSG_GETBULK);
	p->non_repeaters = 0;
	p->max_repetitions = REP;
	snmp_add_null_var(p, o, l);
	if (!snmp_sess_async_send(d->ss, p, cb, d)) {
		nerr++;
		snmp_free_pdu(p);
	}
}

static void begin(void)
{
	int i;
	do i = nexti++ % N;
	while (D[i].busy);
	D[i].busy = 1;
	D[i].col = 0;
	ask(&D[i], cols[0], coll[0]);
}

static int cb(int op, netsnmp_session *s, int id, netsnmp_pdu *pdu, void *arg)
{
	dev *d = arg;
	if (op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE) {
		nerr++;
		d->busy = 0;
		begin();
		return 1;
	}
	npdu++;
	netsnmp_variable_list *v, *last = NULL;
	int done = 0;
	for (v = pdu->variables; v; v = v->next_variable) {
		if (v->name_length <= coll[d->col] || memcmp(v->name, cols[d->col], coll[d->col] * sizeof(oid)) || v->type == SNMP_ENDOFMIBVIEW) {
			done = 1;
			break;
		}
		nvb++;
		sink += v->type == ASN_OCTET_STR ? (long)v->val_len : *v->val.integer;
		last = v;
	}
	if (!done && last) ask(d, last->name, last->name_length);
	else if (++d->col < COLUMNS) ask(d, cols[d->col], coll[d->col]);
	else {
		ndev++;
		d->busy = 0;
		begin();
	}
	return 1;
}

int main(int c, char **v)
{
	if (c != 6) return 2;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	const char *port = v[1];
	N = atoi(v[2]);
	W = atoi(v[3]);
	REP = atoi(v[4]);
	double S = atof(v[5]);
	for (int i = 0; i < COLUMNS; i++) {
		oid a[] = {1, 3, 6, 1, 2, 1, 2, 2, 1, 0}, b[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 0};
		if (P22[i] > 100) {
			memcpy(cols[i], b, sizeof b);
			cols[i][10] = P22[i] - 100;
			coll[i] = 11;
		} else {
			memcpy(cols[i], a, sizeof a);
			cols[i][9] = P22[i];
			coll[i] = 10;
		}
	}
	setenv("MIBS", "", 1);
	init_snmp("bench");
	D = calloc(N, sizeof *D);
	for (int i = 0; i < N; i++) {
		char peer[64];
		unsigned n = 0x7f010001 + i;
		netsnmp_session s;
		snmp_sess_init(&s);
		snprintf(peer, sizeof peer, "127.%u.%u.%u:%s", n >> 16 & 255, n >> 8 & 255, n & 255, port);
		s.version = SNMP_VERSION_2c;
		s.community = (u_char *)"public";
		s.community_len = 6;
		s.peername = peer;
		s.timeout = 3000000;
		s.retries = 2;
		D[i].ss = snmp_sess_open(&s);
		if (!D[i].ss) {
			snmp_perror("open");
			return 1;
		}
	}
	struct rusage r0, r1;
	getrusage(RUSAGE_SELF, &r0);
	double t0 = now();
	for (int i = 0; i < W && i < N; i++) begin();
	struct pollfd *pf = calloc(N, sizeof *pf);
	for (int i = 0; i < N; i++) {
		netsnmp_transport *t = snmp_sess_transport(D[i].ss);
		pf[i].fd = t->sock;
		pf[i].events = POLLIN;
	}
	netsnmp_large_fd_set fs;
	netsnmp_large_fd_set_init(&fs, FD_SETSIZE);
	while (now() - t0 < S) {
		int k = poll(pf, N, 1000);
		if (k <= 0) {
			for (int i = 0; i < N; i++) snmp_sess_timeout(D[i].ss);
			continue;
		}
		for (int i = 0; i < N && k; i++) {
			if (!pf[i].revents) continue;
			k--;
			NETSNMP_LARGE_FD_ZERO(&fs);
			NETSNMP_LARGE_FD_SET(pf[i].fd, &fs);
			snmp_sess_read2(D[i].ss, &fs);
		}
	}
	double el = now() - t0;
	getrusage(RUSAGE_SELF, &r1);
#define T(f) ((r1.f.tv_sec - r0.f.tv_sec) + (r1.f.tv_usec - r0.f.tv_usec) / 1e6)
	printf("{\"polls\":%lu,\"pdus\":%lu,\"varbinds\":%lu,\"cpuSeconds\":%.4f,\"seconds\":%.3f,\"memoryMb\":%.0f,\"timeouts\":%lu}\n",
		ndev, npdu, nvb, T(ru_utime) + T(ru_stime), el, r1.ru_maxrss / 1024.0, nerr);
	return sink == 1;
}
