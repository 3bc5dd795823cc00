"""tokens for programs, and whom the bot tells of alerts

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'api_token',
        sa.Column('mark', sa.String(), nullable=False),
        sa.Column('golive_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('scopes', sa.JSON(), nullable=False),
        sa.Column('made', sa.Date(), nullable=False),
        sa.Column('expires', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['golive_id'], ['golive.id'], name=op.f('fk_api_token_golive_id')),
        sa.PrimaryKeyConstraint('mark', name=op.f('pk_api_token')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_api_token_golive_id'), 'api_token', ['golive_id'])
    op.create_table(
        'webhook',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('golive_id', sa.Integer(), nullable=False),
        sa.Column('url', sa.LargeBinary(), nullable=False),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['golive_id'], ['golive.id'], name=op.f('fk_webhook_golive_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook')),
    )
    op.create_index(op.f('ix_webhook_golive_id'), 'webhook', ['golive_id'])
    op.create_table(
        'webhook_call',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('webhook_id', sa.Integer(), nullable=False),
        sa.Column('alert_id', sa.Integer(), nullable=False),
        sa.Column('event', sa.String(), nullable=False),
        sa.Column('due', sa.DateTime(timezone=True), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_call_webhook_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_call')),
    )
    op.create_index('ix_webhook_call_state_due', 'webhook_call', ['state', 'due'])
    op.create_index(op.f('ix_webhook_call_webhook_id'), 'webhook_call', ['webhook_id'])


def downgrade() -> None:
    for name in ('webhook_call', 'webhook', 'api_token'):
        op.drop_table(name)
