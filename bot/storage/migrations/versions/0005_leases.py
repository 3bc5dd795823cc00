"""until when whoever sends a message may be at it, and an index for claiming by go-live

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('delivery', sa.Column('lease', sa.DateTime(timezone=True), nullable=True))
    op.drop_index('ix_delivery_state_due', table_name='delivery')
    op.create_index('ix_delivery_state_golive_due', 'delivery', ['state', 'golive_id', 'due'])


def downgrade() -> None:
    op.drop_index('ix_delivery_state_golive_due', table_name='delivery')
    op.create_index('ix_delivery_state_due', 'delivery', ['state', 'due'])
    op.drop_column('delivery', 'lease')
