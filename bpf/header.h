/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a PROXY protocol v2 header (HAProxy's proxy-protocol.txt, section 2.2) byte by byte, so that it is the
 * same whether it comes in one segment or in several: what is known after a byte is all that the next one needs.
 *
 * The address block and a few types of TLVs are looked at; the other ones are passed over. What stands in the
 * header twice and says who the client is, or does not fit its length, makes it wrong: a reader that chose one of
 * two could be made to choose otherwise than the application does.
 */
#pragma once

#include "maps.h"

#define HEADER_FIXED 16
#define HEADER_SIGNATURE 12
#define HEADER_VERSION 2
#define HEADER_LOCAL 0
#define HEADER_PROXY 1
#define CRC_BYTES 4
#define TLV_CRC 3
#define AZURE_BYTES 4
#define GCP_BYTES 8
/* Of AWS and of Azure: what follows is the endpoint's id. */
#define SUBTYPE_ID 1

enum header_state {
    /* More bytes are needed. */
    HEADER_READING = 0,
    HEADER_WHOLE = 1,
    HEADER_WRONG = 2,
    /* It is longer than PROXY_HEADER_BYTES. */
    HEADER_TOO_LONG = 3,
};

/* Which byte of a TLV is next. */
enum tlv_step {
    TLV_TYPE = 0,
    TLV_LENGTH_HIGH = 1,
    TLV_LENGTH_LOW = 2,
    TLV_VALUE = 3,
};

/* A header as far as it was read. */
struct header {
    /* CRC32C of what was read, with zeros in the place of the checksum. */
    __u32 crc;
    /* The checksum that stands in it. */
    __u32 announced;
    /* Bytes that were read, that it has in all, and that the address block ends at. */
    __u32 read;
    __u32 end;
    __u32 addresses_end;
    /* Of the TLV: the bytes of its value, and those that were read. */
    __u32 tlv_length;
    __u32 tlv_read;
    /* enum header_state */
    __u8 state;
    __u8 command;
    __u8 family;
    /* enum tlv_step */
    __u8 step;
    __u8 tlv_type;
    /* The first byte of its value. */
    __u8 subtype;
    bool has_checksum;
    /* What follows the fixed part says nothing (LOCAL of a family that is not known). */
    bool ignored;
    struct original original;
};

/* libbpf knows where global constants stand, and not where static ones do. */
const __u8 signature[HEADER_FIXED] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

/* CRC32C (RFC 3720, appendix B.4) of four bits. */
const __u32 crc_of[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

static __always_inline __u32 crc_with(__u32 crc, __u8 byte)
{
    crc ^= byte;
    crc = crc >> 4 ^ crc_of[crc & 15];
    return crc >> 4 ^ crc_of[crc & 15];
}

/* The bytes of the address block of a family and protocol; negative if there is no such. */
static __always_inline __s32 address_bytes(__u8 family)
{
    switch (family) {
    case 0x00:
        return 0;
    case 0x11:
    case 0x12:
        return 12;
    case 0x21:
    case 0x22:
        return 36;
    case 0x31:
    case 0x32:
        return 216;
    default:
        return -1;
    }
}

static __always_inline void fail(struct header *header)
{
    header->state = HEADER_WRONG;
}

/* One of the first 16 bytes. */
static __always_inline void take_fixed(struct header *header, __u32 at, __u8 byte)
{
    if (at < HEADER_SIGNATURE) {
        if (byte != signature[at & (HEADER_FIXED - 1)])
            fail(header);
    } else if (at == 12) {
        header->command = byte & 0xf;
        if (byte >> 4 != HEADER_VERSION || header->command > HEADER_PROXY)
            fail(header);
    } else if (at == 13) {
        header->family = byte;
        header->ignored = address_bytes(byte) < 0;
        if (header->ignored && header->command == HEADER_PROXY)
            fail(header);
    } else if (at == 14) {
        header->end = byte << 8;
    } else {
        header->end = HEADER_FIXED + (header->end | byte);
        header->addresses_end = HEADER_FIXED + (header->ignored ? 0 : address_bytes(header->family));
        if (header->end > PROXY_HEADER_BYTES)
            header->state = HEADER_TOO_LONG;
        else if (header->end < header->addresses_end)
            fail(header);
    }
}

/* A byte of the address block, of which the source comes first. */
static __always_inline void take_address(struct header *header, __u32 at, __u8 byte)
{
    __u8 family = header->family >> 4;

    if (family == 1 && at < 4)
        ((__u8 *)header->original.source)[at & 3] = byte;
    if (family == 2 && at < 16)
        ((__u8 *)header->original.source)[at & 15] = byte;
}

/* An endpoint TLV says one id. Its kind is set by its first byte. */
static __always_inline void take_id(struct header *header, __u8 kind, __u32 at, __u8 byte)
{
    struct endpoint *endpoint = &header->original.endpoint;

    if (at == 0) {
        if (endpoint->kind)
            fail(header);
        endpoint->kind = kind;
    }
    endpoint->length = at + 1;
    if (at < ENDPOINT_ID_BYTES)
        endpoint->id[at & (ENDPOINT_ID_BYTES - 1)] = byte;
}

/* The length of a TLV is known. */
static __always_inline void begin_value(struct header *header)
{
    __u32 length = header->tlv_length;

    if (length > header->end - header->read)
        fail(header);
    switch (header->tlv_type) {
    case TLV_CRC:
        if (header->has_checksum || length != CRC_BYTES)
            fail(header);
        header->has_checksum = true;
        break;
    case ENDPOINT_GCP:
        if (length != GCP_BYTES)
            fail(header);
        break;
    case ENDPOINT_AWS:
    case ENDPOINT_AZURE:
        if (length == 0)
            fail(header);
        break;
    }
    header->step = length ? TLV_VALUE : TLV_TYPE;
    header->tlv_read = 0;
}

/* A byte of the value of a TLV. */
static __always_inline void take_value(struct header *header, __u8 byte)
{
    __u32 at = header->tlv_read++, length = header->tlv_length;

    if (at == 0)
        header->subtype = byte;
    switch (header->tlv_type) {
    case TLV_CRC:
        header->announced = header->announced << 8 | byte;
        break;
    case ENDPOINT_GCP:
        take_id(header, ENDPOINT_GCP, at, byte);
        break;
    case ENDPOINT_AWS:
        if (header->subtype != SUBTYPE_ID)
            break;
        if (length < 2 || length > 256)
            fail(header);
        else if (at > 0)
            take_id(header, ENDPOINT_AWS, at - 1, byte);
        break;
    case ENDPOINT_AZURE:
        if (header->subtype != SUBTYPE_ID)
            break;
        if (length != 1 + AZURE_BYTES)
            fail(header);
        else if (at > 0)
            take_id(header, ENDPOINT_AZURE, at - 1, byte);
        break;
    }
    if (header->tlv_read == length)
        header->step = TLV_TYPE;
}

static __always_inline void take_tlv(struct header *header, __u8 byte)
{
    switch (header->step) {
    case TLV_TYPE:
        header->tlv_type = byte;
        header->step = TLV_LENGTH_HIGH;
        break;
    case TLV_LENGTH_HIGH:
        header->tlv_length = byte << 8;
        header->step = TLV_LENGTH_LOW;
        break;
    case TLV_LENGTH_LOW:
        header->tlv_length |= byte;
        begin_value(header);
        break;
    default:
        take_value(header, byte);
    }
}

/* An IPv4-mapped address means the IPv4 one. */
static __always_inline void finish_source(struct original *original, __u8 family)
{
    __u32 *source = original->source;

    if (family == 1)
        original->family = 4;
    if (family != 2)
        return;
    original->family = 6;
    if (source[0] == 0 && source[1] == 0 && source[2] == bpf_htonl(0xffff)) {
        original->family = 4;
        source[0] = source[3];
        source[2] = source[3] = 0;
    }
}

/* All of it was read. */
static __always_inline void finish(struct header *header)
{
    header->state = HEADER_WHOLE;
    if (header->step != TLV_TYPE || (header->has_checksum && header->announced != ~header->crc)) {
        fail(header);
    } else if (header->command == HEADER_LOCAL) {
        __builtin_memset(&header->original, 0, sizeof(header->original));
        header->original.how = PROXIED_LOCAL;
    } else {
        finish_source(&header->original, header->family >> 4);
    }
}

static __always_inline void take(struct header *header, __u8 byte)
{
    __u32 at = header->read++;
    bool checksum = header->step == TLV_VALUE && header->tlv_type == TLV_CRC;

    header->crc = crc_with(header->crc, checksum ? 0 : byte);
    if (at < HEADER_FIXED)
        take_fixed(header, at, byte);
    else if (header->ignored)
        ;
    else if (at < header->addresses_end)
        take_address(header, at - HEADER_FIXED, byte);
    else
        take_tlv(header, byte);
    if (header->state == HEADER_READING && header->read >= HEADER_FIXED && header->read == header->end)
        finish(header);
}

static __always_inline void begin_header(struct header *header)
{
    __builtin_memset(header, 0, sizeof(*header));
    header->crc = ~0u;
}

/* Bytes of a segment, and the header that they go on with. */
struct reading {
    struct header *header;
    const __u8 *bytes;
};

static long take_next(__u32 index, struct reading *reading)
{
    take(reading->header, reading->bytes[index & (PROXY_HEADER_BYTES - 1)]);
    return reading->header->state != HEADER_READING;
}

/* Reads on, until the header or the bytes end. */
static __always_inline void read_on(struct header *header, const __u8 *bytes, __u32 count)
{
    struct reading reading = {.header = header, .bytes = bytes};

    bpf_loop(count, take_next, &reading, 0);
}
